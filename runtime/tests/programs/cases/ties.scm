; at: x=2 y=2 n=3
; value: 3.0
; gradient: x=0.3333333333333333 y=0.3333333333333333 n=0.3333333333333333
(+ (max x y 2) (* n ((grad (lambda (z) (min z y 2 4))) x)) (if (> n 2) (abs (- x y)) 0))
