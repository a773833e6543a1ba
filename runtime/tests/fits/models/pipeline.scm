; truth: a=0.8 b=0.5
; x: -2 -1 -0.3 0.4 1 2
(define (scaled k) (lambda (y) (* k y)))
(define (shifted k) (lambda (y) (+ y k)))
(lambda (a b x) ((compose tanh (shifted b) (scaled a)) x))
