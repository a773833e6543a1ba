; at: x=2.5 y=1.5
(define (euclid a b) (if (= b 0) a (euclid b (modulo a b))))
(* x (+ y (euclid 48 36)))
