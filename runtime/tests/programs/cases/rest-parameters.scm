; at: a=1.1 b=2.2
; value: 4.9225
; gradient: a=4.75 b=1.1
(define (weighted w . xs) (if (null? xs) 0 (+ (* w (car xs)) (apply weighted (* 0.5 w) (cdr xs)))))
(weighted a b 3 a 4)
