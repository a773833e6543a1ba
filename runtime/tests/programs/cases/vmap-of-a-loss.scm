; at: slope=1.8 intercept=0.3
; value: 0.05749999999999999
; gradient: intercept=-0.39999999999999974 slope=-0.5999999999999992
; at: slope=1.836 intercept=0.306
; value: 0.04088000000000001
; gradient: intercept=-0.2439999999999996 slope=-0.2159999999999988
; at: slope=1.746 intercept=0.294
; value: 0.10125000000000002
; gradient: intercept=-0.5100000000000001 slope=-0.81
; at: slope=1.872 intercept=0.297
; value: 0.04056500000000005
; gradient: intercept=-0.1179999999999995 slope=0.10800000000000148
; at: slope=1.782 intercept=0.315
; value: 0.06306499999999998
; gradient: intercept=-0.4419999999999998 slope=-0.7199999999999993
(define data (mat [0 0.5] [1 2.1] [2 4.2] [3 5.8]))
(define (residual row) (- (ref row 1) (+ intercept (* slope (ref row 0)))))
(define (huber r) (if (< (abs r) 0.15) (* 0.5 r r) (* 0.15 (- (abs r) 0.075))))
(vsum ((vmap (compose huber residual)) data))
