; at: a=0.7 b=-0.4 c=1.3
; value: -0.7020799460949361
; gradient: a=-0.052000000000000005 b=1.6303427092140244 c=-0.2119467398185539
(+ (* 0.1 a b c) (* ((lambda (x1) (exp (cos -0.8))) ((if (>= 0.3 -1.8) cos sin) (+ 0 b))) (tanh ((lambda (x2) (* b (tanh c))) (((lambda (k3) (lambda (x4) 0.6)) c) (car (list 0.3 c)))))))
