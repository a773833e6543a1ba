; at: x=0.9
; value: 108.41656097506979
; gradient: x=1538.970482279148
; at: x=0.918
; value: 144.25967096771208
; gradient: x=2565.600362516668
; at: x=0.873
; value: 77.6587833859647
; gradient: x=839.7669159042925
; at: x=0.936
; value: 207.95115297989102
; gradient: x=4829.549421954244
; at: x=0.891
; value: 96.0048835223785
; gradient: x=1235.0575719600079
(define (steps n k acc)
  (if (= n 1) acc
      (steps (if (even? n) (/ n 2) (+ 1 (* 3 n))) (+ k 1) (+ acc (* (expt x k) (sqrt n))))))
(steps 27 0 0)
