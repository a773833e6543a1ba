; at: dt=0.1 alpha=0.7
; value: 0.679238943494589
; gradient: dt=-2.926139345595776 alpha=-0.4180199065136823
(define L (mat [-2 1 0 0] [1 -2 1 0] [0 1 -2 1] [0 0 1 -2])) (loop ((n 0) (u [0 1 0.5 0])) (if (= n 5) (vsum (* u u)) (recur (+ n 1) (+ u (scale (* dt alpha) (matvec L u))))))
