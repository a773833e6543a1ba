; at: a=0.7 rate=0.05
; value: 0.3763289479249165
; gradient: a=-0.32052093484292304 rate=1.3750894549217256
; at: a=0.714 rate=0.051
; value: 0.3732287248185726
; gradient: a=-0.31297958962363776 rate=1.2944701027457233
; at: a=0.679 rate=0.049
; value: 0.3817691206812614
; gradient: a=-0.3344307788977027 rate=1.5001733918162368
; at: a=0.728 rate=0.0495
; value: 0.3670976534766486
; gradient: a=-0.29263588658880296 rate=1.2294022254670112
; at: a=0.693 rate=0.0525
; value: 0.3821116983375144
; gradient: a=-0.3409111558154693 rate=1.3992132084603057
(define (chain n w) (if (= n 0) w (tanh (+ a (* w (chain (- n 1) w))))))
(define (loss w) (square (- (chain 5 w) 0.9)))
(let descend ((i 0) (w 0.3)) (if (= i 12) w (descend (+ i 1) (- w (* rate ((grad loss) w))))))
