; at: a=0.7 b=-0.4 c=1.3
; value: -0.5210020414716139
; gradient: c=-0.028 a=-0.052000000000000005 b=0.091
(define (f1 x) (car (map sin (list -0.5 1.8))))
(define (f2 x) (car (list c x a)))
(+ (* 0.1 a b c) (- (fold (lambda (x3 s4) (tanh (car (list -2 b)))) (car (list c a)) (let build5 ((n6 2)) (if (= n6 0) (list 0.4) (cons (* b (tanh n6)) (build5 (- n6 1)))))) ((if (not (>= c b)) (lambda (x7) 1.9) f1) (fold (lambda (x8 s9) (tanh (if (>= s9 c) -1.7 a))) (exp (cos 1.9)) (map f2 (list -1.3 a))))))
