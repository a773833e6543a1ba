; at: m=1.5 x=0.3
; value: -5.738701124311882
; gradient: x=2.7426149393041075 m=-7.65160149908251
; at: m=1.53 x=0.306
; value: -5.953298965626935
; gradient: x=2.8948971772699927 m=-7.7820901511463205
; at: m=1.455 x=0.294
; value: -5.414911138298216
; gradient: x=2.5416651257208573 m=-7.4431768224030455
; at: m=1.56 x=0.297
; value: -6.215845256970333
; gradient: x=2.944270305230226 m=-7.969032380731196
; at: m=1.485 x=0.315
; value: -5.583456448810708
; gradient: x=2.783115886515808 m=-7.519806665064926
(define bodies (list [0 0 0] [1 x 0] [0 1 (* 2 x)]))
(define (pair-energy p q) (/ (* -1 m m) (norm (- p q))))
(define (energy l)
  (if (null? l) 0 (+ (fold (lambda (q e) (+ e (pair-energy (car l) q))) 0 (cdr l)) (energy (cdr l)))))
(energy bodies)
