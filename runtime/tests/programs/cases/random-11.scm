; at: a=0.7 b=-0.4 c=1.3
; value: -0.4258183423086505
; gradient: a=-0.052000000000000005 b=0.091 c=-0.028
(+ (* 0.1 a b c) (((lambda (k1) (lambda (x2) (sin -0.4))) (exp (cos c))) (/ (car (reverse (list a c))) (+ 2 (square (* (exp (cos b)) (tanh (cos 0.9))))))))
