; at: a=1.1 b=2.2
(define (weighted w . xs) (if (null? xs) 0 (+ (* w (car xs)) (apply weighted (* 0.5 w) (cdr xs)))))
(weighted a b 3 a 4)
