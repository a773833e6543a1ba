; at: k=1.2 t=0.5
; value: 7.9319999999999995
; gradient: t=0.0 k=6.61
; at: k=1.224 t=0.5
; value: 8.09064
; gradient: t=0.0 k=6.61
; at: k=1.164 t=0.5
; value: 7.694039999999999
; gradient: t=0.0 k=6.61
; at: k=1.248 t=0.5
; value: 8.24928
; gradient: t=0.0 k=6.61
; at: k=1.188 t=0.5
; value: 7.852679999999999
; gradient: t=0.0 k=6.61
(define (mapping f) (lambda (reducer) (lambda (x acc) (reducer (f x) acc))))
(define (filtering keep?) (lambda (reducer) (lambda (x acc) (if (keep? x) (reducer x acc) acc))))
(define pipeline
  (compose (filtering (lambda (x) (> x t))) (mapping (lambda (x) (* k x x))) (filtering finite?)))
(fold (pipeline +) 0 '(0.1 0.6 2 0.4 1.5))
