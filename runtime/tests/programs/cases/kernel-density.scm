; at: bandwidth=0.4 x=0.5
; value: -4.764173137757656
; gradient: bandwidth=-4.874659279813761 x=-0.6512594407543264
; at: bandwidth=0.408 x=0.51
; value: -4.808529235631109
; gradient: bandwidth=-4.630158625973925 x=-0.6195959596380888
; at: bandwidth=0.388 x=0.49
; value: -4.696639162576937
; gradient: bandwidth=-5.255107156497854 x=-0.7116563467937864
; at: bandwidth=0.416 x=0.495
; value: -4.836532418392348
; gradient: bandwidth=-4.55279750920574 x=-0.5443898898610295
; at: bandwidth=0.396 x=0.525
; value: -4.7620208041710095
; gradient: bandwidth=-4.801975129756413 x=-0.7240248794243094
(define points '(0.1 0.4 1.2 2.0))
(define (kernel u) (/ (exp (* -1/2 u u)) (sqrt (* 2 3.141592653589793))))
(define (density at) (/ (fold + 0 (map (lambda (p) (kernel (/ (- at p) bandwidth))) points)) (* 4 bandwidth)))
(apply + (log (density x)) (map (compose log density) points))
