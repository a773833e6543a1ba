; at: m=1.5 x=0.3
; value: -5.738701124311882
; gradient: x=2.7426149393041075 m=-7.65160149908251
(define bodies (list [0 0 0] [1 x 0] [0 1 (* 2 x)]))
(define (pair-energy p q) (/ (* -1 m m) (norm (- p q))))
(define (energy l)
  (if (null? l) 0 (+ (fold (lambda (q e) (+ e (pair-energy (car l) q))) 0 (cdr l)) (energy (cdr l)))))
(energy bodies)
