; at: x=0.6
; value: 4.792
; gradient: x=14.239999999999998
(define (f n) (if (= n 0) 1 (+ 1 (* x (f (- n 1))))))
(loop ((i 0) (s 0)) (if (= i 5) s (recur (+ i 1) (+ (* s x) (f i)))))
