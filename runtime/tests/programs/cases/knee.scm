; at: q0=1.9 a=0.02 b=0.004
; value: 3.496
; gradient: q0=2.0 a=-12.0 b=-16.0
; at: q0=1.938 a=0.0204 b=0.00408
; value: 3.5659199999999998
; gradient: q0=2.0 a=-12.0 b=-16.0
; at: q0=1.843 a=0.0196 b=0.00388
; value: 3.3887199999999997
; gradient: q0=2.0 a=-12.0 b=-16.0
; at: q0=1.976 a=0.0198 b=0.00416
; value: 3.64784
; gradient: q0=2.0 a=-12.0 b=-16.0
; at: q0=1.881 a=0.021 b=0.00396
; value: 3.44664
; gradient: q0=2.0 a=-12.0 b=-16.0
(define (cap n) (if (< n 5) (- q0 (* a n)) (- q0 (* a n) (* b (square (- n 5)))))) (+ (cap 3) (cap 9))
