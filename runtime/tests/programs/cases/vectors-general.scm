; at: a=1.4 b=0.2
; value: 14.64
; gradient: a=1.6 b=6.199999999999999
; at: a=1.428 b=0.204
; value: 14.709935999999999
; gradient: a=1.6119999999999999 b=6.284
; at: a=1.358 b=0.196
; value: 14.548504
; gradient: a=1.588 b=6.074
; at: a=1.456 b=0.198
; value: 14.716864
; gradient: a=1.594 b=6.368
; at: a=1.386 b=0.21
; value: 14.67918
; gradient: a=1.63 b=6.1579999999999995
(define v (vector a b (* a b) 3))
(let sum ((i 0) (s 0)) (if (= i (vector-length v)) s (sum (+ i 1) (+ s (* (+ i 1) (vector-ref v i))))))
