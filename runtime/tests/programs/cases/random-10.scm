; at: a=0.7 b=-0.4 c=1.3
; value: -0.8363999999999999
; gradient: a=-0.052000000000000005 b=-0.909 c=-0.028
(define (f1 x) (+ (* -1.6 (tanh a)) (exp (cos -1.3))))
(+ (* 0.1 a b c) ((if (or (>= b 0.4) (< 1 c)) (lambda (x2) (- -1.2 b)) f1) (letrec ((f3 (lambda (n4 v5) (if (= n4 0) (f1 n4) (+ (fold (lambda (x7 s8) (tanh -0.2)) b (list -0.5 v5)) (* 0.5 (f3 (- n4 1) (sin (let ((v6 a)) -0.1))))))))) (f3 3 (exp (cos c))))))
