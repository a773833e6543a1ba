; at: a=2.1 b=0.7 c=1.3
(define A (mat [a b] [b c]))
(let it ((i 0) (v [1 1])) (if (= i 10) (dot v (matvec A v)) (it (+ i 1) (normalize (matvec A v)))))
