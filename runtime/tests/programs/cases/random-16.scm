; at: a=0.7 b=-0.4 c=1.3
; value: -0.5210020414716139
; gradient: c=-0.028 a=-0.052000000000000005 b=0.091
; at: a=0.714 b=-0.408 c=1.326
; value: -0.5232300126716138
; gradient: c=-0.0291312 a=-0.054100800000000004 b=0.09467640000000001
; at: a=0.679 b=-0.392 c=1.261
; value: -0.5181658262716139
; gradient: c=-0.026616800000000003 a=-0.0494312 b=0.0856219
; at: a=0.728 b=-0.396 c=1.352
; value: -0.5235785790716139
; gradient: c=-0.0288288 a=-0.05353920000000001 b=0.09842560000000002
; at: a=0.693 b=-0.42 c=1.287
; value: -0.5220614634716139
; gradient: c=-0.029106 a=-0.054054 b=0.0891891
(define (f1 x) (car (map sin (list -0.5 1.8))))
(define (f2 x) (car (list c x a)))
(+ (* 0.1 a b c) (- (fold (lambda (x3 s4) (tanh (car (list -2 b)))) (car (list c a)) (let build5 ((n6 2)) (if (= n6 0) (list 0.4) (cons (* b (tanh n6)) (build5 (- n6 1)))))) ((if (not (>= c b)) (lambda (x7) 1.9) f1) (fold (lambda (x8 s9) (tanh (if (>= s9 c) -1.7 a))) (exp (cos 1.9)) (map f2 (list -1.3 a))))))
