; at: a=0.7 b=-0.4 c=1.3
; value: -1.3364
; gradient: c=-0.028 b=0.091 a=-0.052000000000000005
; at: a=0.714 b=-0.408 c=1.326
; value: -1.3386279712
; gradient: c=-0.0291312 b=0.09467640000000001 a=-0.054100800000000004
; at: a=0.679 b=-0.392 c=1.261
; value: -1.3335637848000002
; gradient: c=-0.026616800000000003 b=0.0856219 a=-0.0494312
; at: a=0.728 b=-0.396 c=1.352
; value: -1.3389765376
; gradient: c=-0.0288288 b=0.09842560000000002 a=-0.05353920000000001
; at: a=0.693 b=-0.42 c=1.287
; value: -1.337459422
; gradient: c=-0.029106 b=0.0891891 a=-0.054054
(define (f1 x) ((if (< x c) sin sin) (car (list c x))))
(define (f2 x) (sin (exp (cos b))))
(+ (* 0.1 a b c) (if (and (>= (sin c) (* b (tanh 1.1))) (not (and (< -1.4 c) (< -1.4 -0.2)))) ((grad ((lambda (k3) (lambda (x4) 1.7)) a)) (letrec ((f5 (lambda (n6 v7) (if (= n6 0) v7 (+ 1.8 (* 0.5 (f5 (- n6 1) (sin 1.8)))))))) (f5 3 c))) (apply (compose ((lambda (k8) (lambda (x9) -1.3)) a) (compose f1 f2)) (list (* (car (list 1.3 -1.6)) (tanh (/ 0.6 (+ 2 (square b)))))))))
