; at: a=0.2 x=1.5
; value: 6.2189944199947575
; gradient: a=26.19509256862231 x=2.0
(define (walk n s p m) (if (= n 0) (+ s p m) (walk (- n 1) (+ s (* a x)) (* p (+ 1 (* a 0.1))) (max m (* n a)))))
(walk 10 0 1 0)
