; at: a=0.7 b=-0.4 c=1.3
; value: -0.3637161300118478
; gradient: a=-0.052000000000000005 b=0.8787326520285449 c=-0.028
(define (f1 x) (letrec ((f2 (lambda (n3 v4) (if (= n3 0) (letrec ((f5 (lambda (n6 v7) (if (= n6 0) -1.5 (+ -1.4 (* 0.5 (f5 (- n6 1) (sin 1.1)))))))) (f5 3 a)) (+ (tanh n3) (* 0.5 (f2 (- n3 1) (sin (letrec ((f8 (lambda (n9 v10) (if (= n9 0) -0.9 (+ x (* 0.5 (f8 (- n9 1) (sin -0.2)))))))) (f8 4 v4)))))))))) (f2 3 (sin a))))
(+ (* 0.1 a b c) ((lambda (x11) (sin (* b (tanh 1.2)))) (apply f1 (list (exp (cos (* b (tanh b))))))))
