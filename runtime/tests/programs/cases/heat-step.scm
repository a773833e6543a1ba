; at: dt=0.1 alpha=0.7
; value: 0.679238943494589
; gradient: dt=-2.926139345595776 alpha=-0.4180199065136823
; at: dt=0.102 alpha=0.714
; value: 0.6676500342226
; gradient: dt=-2.8684793622454947 alpha=-0.4097827660350707
; at: dt=0.097 alpha=0.686
; value: 0.694060010450099
; gradient: dt=-3.014851894102313 alpha=-0.4262982998949334
; at: dt=0.104 alpha=0.693
; value: 0.6707032348995101
; gradient: dt=-2.813511180343985 alpha=-0.42222967208625467
; at: dt=0.099 alpha=0.735
; value: 0.6679032457503888
; gradient: dt=-2.955423228722986 alpha=-0.39807741448105527
(define L (mat [-2 1 0 0] [1 -2 1 0] [0 1 -2 1] [0 0 1 -2])) (loop ((n 0) (u [0 1 0.5 0])) (if (= n 5) (vsum (* u u)) (recur (+ n 1) (+ u (scale (* dt alpha) (matvec L u))))))
