; at: x=2.5 y=1.5
; value: 33.75
; gradient: x=13.5 y=2.5
; at: x=2.55 y=1.53
; value: 34.5015
; gradient: x=13.53 y=2.55
; at: x=2.425 y=1.47
; value: 32.66475
; gradient: x=13.47 y=2.425
; at: x=2.6 y=1.485
; value: 35.061
; gradient: x=13.485 y=2.6
; at: x=2.475 y=1.575
; value: 33.598125
; gradient: x=13.575 y=2.475
(define (euclid a b) (if (= b 0) a (euclid b (modulo a b))))
(* x (+ y (euclid 48 36)))
