; at: a=0.7 b=-0.4 c=1.3
; value: 1.9084246580536994
; gradient: b=0.091 a=-0.052000000000000005 c=0.222
(define (f1 x) (car (list 1 b a)))
(+ (* 0.1 a b c) (letrec ((f2 (lambda (n3 v4) (if (= n3 0) (- c -1.1) (+ (fold (lambda (x5 s6) (tanh n3)) 0.7 (list a c)) (* 0.5 (f2 (- n3 1) (sin (f1 v4))))))))) (f2 2 (if (< a 1.7) a c))))
