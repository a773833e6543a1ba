; at: x=0.8
(define (cf k) (if (> k 10) k (+ k (/ x (cf (+ k 1))))))
(cf 1)
