; truth: u=0.9 v=-1.1 bias=0.3
; x: -2 -1 -0.5 0.2 0.8 1.5 2.5
(define (layer weights biases) (lambda (y) (map (lambda (w b) (tanh (+ (* w y) b))) weights biases)))
(lambda (u v bias x) (fold + bias (map * (list 1 v) ((layer (list u 0.5) '(0.1 -0.2)) x))))
