; at: a=0.7 b=-0.4 c=1.3
; value: -0.7183262290406041
; gradient: a=-0.7681956533887233 b=0.091 c=-0.028
(+ (* 0.1 a b c) (* (* ((lambda (x1) -1.6) (cos 0.5)) (tanh (apply ((lambda (k2) (lambda (x3) a)) -1.8) (list ((grad sin) -0.4))))) (tanh (cos (apply (lambda (x4) -0.5) (list (* a (tanh c))))))))
