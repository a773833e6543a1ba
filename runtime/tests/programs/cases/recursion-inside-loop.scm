; at: x=0.6
; value: 4.792
; gradient: x=14.239999999999998
; at: x=0.612
; value: 4.9659317516799995
; gradient: x=14.75094656
; at: x=0.582
; value: 4.542391212879999
; gradient: x=13.499435359999998
; at: x=0.624
; value: 5.14607884288
; gradient: x=15.27592448
; at: x=0.594
; value: 4.707312550479999
; gradient: x=13.989723679999999
(define (f n) (if (= n 0) 1 (+ 1 (* x (f (- n 1))))))
(loop ((i 0) (s 0)) (if (= i 5) s (recur (+ i 1) (+ (* s x) (f i)))))
