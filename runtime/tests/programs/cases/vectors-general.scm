; at: a=1.4 b=0.2
(define v (vector a b (* a b) 3))
(let sum ((i 0) (s 0)) (if (= i (vector-length v)) s (sum (+ i 1) (+ s (* (+ i 1) (vector-ref v i))))))
