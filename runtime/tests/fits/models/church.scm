; truth: a=0.7 b=0.4
; x: -2 -1 0 1 2 3
(define zero (lambda (f) (lambda (y) y)))
(define (next n) (lambda (f) (lambda (y) (f ((n f) y)))))
(define three (next (next (next zero))))
(lambda (a b x) ((three (lambda (y) (+ (* a y) (sin (* b y))))) x))
