; at: a=0.7 b=-0.4 c=1.3
; value: 2.681881828459045
; gradient: c=-0.028 b=0.091 a=-0.052000000000000005
(define (f1 x) ((grad (compose tanh tanh)) (* c (tanh b))))
(define (f2 x) (car (list b c c)))
(+ (* 0.1 a b c) (exp (cos ((grad (if (>= c 0.7) f1 f1)) (if (< c -0.9) b -1.1)))))
