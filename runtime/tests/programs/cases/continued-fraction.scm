; at: x=0.8
; value: 1.3554627267850121
; gradient: x=0.3977294038519398
(define (cf k) (if (> k 10) k (+ k (/ x (cf (+ k 1))))))
(cf 1)
