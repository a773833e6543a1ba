; at: c=1.9 x0=1.3
; value: 1.0
; gradient: c=0.0 x0=0.0
((grad (lambda (x) (* x ((grad (lambda (y) (+ (* c x) y))) 1)))) x0)
