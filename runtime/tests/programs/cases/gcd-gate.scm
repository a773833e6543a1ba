; at: x=2.5 y=1.5
; value: 33.75
; gradient: x=13.5 y=2.5
(define (euclid a b) (if (= b 0) a (euclid b (modulo a b))))
(* x (+ y (euclid 48 36)))
