; at: a=0.7 b=-0.4 c=1.3
; value: -0.0364
; gradient: a=-0.052000000000000005 c=-0.028 b=0.091
; at: a=0.714 b=-0.408 c=1.326
; value: -0.0386279712
; gradient: a=-0.054100800000000004 c=-0.0291312 b=0.09467640000000001
; at: a=0.679 b=-0.392 c=1.261
; value: -0.0335637848
; gradient: a=-0.0494312 c=-0.026616800000000003 b=0.0856219
; at: a=0.728 b=-0.396 c=1.352
; value: -0.03897653760000001
; gradient: a=-0.05353920000000001 c=-0.0288288 b=0.09842560000000002
; at: a=0.693 b=-0.42 c=1.287
; value: -0.03745942199999999
; gradient: a=-0.054054 c=-0.029106 b=0.0891891
(define (f1 x) (if (and (< a 0.8) (< x c)) (apply cos (list c)) (- 1.5 c)))
(+ (* 0.1 a b c) ((lambda (x2) ((grad ((lambda (k3) (lambda (x4) -1.9)) a)) (exp (cos x2)))) (sin (fold (lambda (x5 s6) (tanh (sin c))) (/ -1.3 (+ 2 (square b))) (let build7 ((n8 1)) (if (= n8 0) (list a) (cons c (build7 (- n8 1)))))))))
