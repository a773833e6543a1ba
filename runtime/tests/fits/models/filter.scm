; truth: w0=0.5 w1=0.3 w2=-0.2
; x: 0 1 2 3 4 5
(define signal '(0 0 1 4 2 8 5 7))
(define (taps w) (lambda (window) (fold + 0 (map * w window))))
(lambda (w0 w1 w2 x) ((taps (list w2 w1 w0)) (map (lambda (i) (list-ref signal (+ x i))) (iota 3))))
