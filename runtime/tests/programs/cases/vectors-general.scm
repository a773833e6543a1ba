; at: a=1.4 b=0.2
; value: 14.64
; gradient: a=1.6 b=6.199999999999999
(define v (vector a b (* a b) 3))
(let sum ((i 0) (s 0)) (if (= i (vector-length v)) s (sum (+ i 1) (+ s (* (+ i 1) (vector-ref v i))))))
