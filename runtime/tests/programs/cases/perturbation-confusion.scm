; at: c=1.9 x0=1.3
; value: 1.0
; gradient: c=0.0 x0=0.0
; at: c=1.938 x0=1.326
; value: 1.0
; gradient: c=0.0 x0=0.0
; at: c=1.843 x0=1.274
; value: 1.0
; gradient: c=0.0 x0=0.0
; at: c=1.976 x0=1.287
; value: 1.0
; gradient: c=0.0 x0=0.0
; at: c=1.881 x0=1.365
; value: 1.0
; gradient: c=0.0 x0=0.0
((grad (lambda (x) (* x ((grad (lambda (y) (+ (* c x) y))) 1)))) x0)
