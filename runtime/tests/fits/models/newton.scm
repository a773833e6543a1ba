; truth: a=1.7 b=0.9
; x: 0 0.5 1 2 4 7
(define (root of guess n) (if (= n 0) guess (root of (* 1/2 (+ guess (/ of guess))) (- n 1))))
(lambda (a b x) (root (+ (* a x) b) 1 12))
