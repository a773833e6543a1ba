; at: a=0.9
(define (iter self n x) (if (= n 0) x (self self (- n 1) (* a (cos x)))))
(iter iter 7 1)
