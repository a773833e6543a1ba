; at: a=0.7 b=-0.4 c=1.3
; value: 1.2868784110988585
; gradient: b=-1.0140093240872785 a=-1.3103490512777236 c=-0.028
(define (f1 x) (exp (cos (let ((v2 b)) b))))
(+ (* 0.1 a b c) (* (exp (cos (- (let loop3 ((i4 0) (s5 c)) (if (= i4 5) s5 (loop3 (+ i4 1) (tanh -1.9)))) (+ a b)))) (tanh (+ (apply ((lambda (k6) (lambda (x7) b)) 0.1) (list (exp (cos -0.8)))) ((compose f1 f1) (* c (tanh a)))))))
