; at: a=0.7 b=-0.4 c=1.3
; value: 1.2636
; gradient: a=-0.052000000000000005 c=0.972 b=0.091
; at: a=0.714 b=-0.408 c=1.326
; value: 1.2873720288000001
; gradient: a=-0.054100800000000004 c=0.9708688 b=0.09467640000000001
; at: a=0.679 b=-0.392 c=1.261
; value: 1.2274362151999998
; gradient: a=-0.0494312 c=0.9733832 b=0.0856219
; at: a=0.728 b=-0.396 c=1.352
; value: 1.3130234624000001
; gradient: a=-0.05353920000000001 c=0.9711712 b=0.09842560000000002
; at: a=0.693 b=-0.42 c=1.287
; value: 1.249540578
; gradient: a=-0.054054 c=0.970894 b=0.0891891
(define (f1 x) (apply (compose cos tanh) (list (exp (cos a)))))
(define (f2 x) (letrec ((f3 (lambda (n4 v5) (if (= n4 0) (apply f1 (list x)) (+ (letrec ((f6 (lambda (n7 v8) (if (= n7 0) a (+ n4 (* 0.5 (f6 (- n7 1) (sin v8)))))))) (f6 3 -1.1)) (* 0.5 (f3 (- n4 1) (sin (/ n4 (+ 2 (square 0.2))))))))))) (f3 2 (car (list c b)))))
(+ (* 0.1 a b c) ((compose (lambda (x9) (if (>= x9 -1.4) c a)) f2) (apply (compose (if (>= b -1.7) f2 f2) (lambda (x10) 0.2)) (list (* (f1 c) (tanh (* -1.4 (tanh b))))))))
