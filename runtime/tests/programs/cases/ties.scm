; at: x=2.0 y=2.0 n=3.0
; value: 3.0
; gradient: x=0.3333333333333333 y=0.3333333333333333 n=0.3333333333333333
; at: x=2.04 y=2.04 n=3.06
; value: 2.04
; gradient: x=0.5 y=0.5 n=0.0
; at: x=1.94 y=1.96 n=2.91
; value: 4.93
; gradient: x=-1.0 y=1.0 n=1.0
; at: x=2.08 y=1.98 n=3.12
; value: 2.18
; gradient: x=2.0 y=-1.0 n=0.0
; at: x=1.98 y=2.1 n=2.97
; value: 5.19
; gradient: x=-1.0 y=2.0 n=1.0
(+ (max x y 2) (* n ((grad (lambda (z) (min z y 2 4))) x)) (if (> n 2) (abs (- x y)) 0))
