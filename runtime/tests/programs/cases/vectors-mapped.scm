; at: a=0.6 b=1.1
; value: 11.712398889495761
; gradient: a=4.61468665632123 b=6.796668131367775
; at: a=0.612 b=1.122
; value: 11.918301326194584
; gradient: a=4.582466125043755 b=6.9055667195859805
; at: a=0.582 b=1.078
; value: 11.480825190627895
; gradient: a=4.57123930563248 b=6.740079885724276
; at: a=0.624 b=1.089
; value: 11.754813703185148
; gradient: a=5.014141711741028 b=6.492996625529715
; at: a=0.594 b=1.155
; value: 12.075885299065105
; gradient: a=4.090097443950519 b=7.374799573251774
(define v (vector a b 1 (- a b)))
(define w (vector-map (lambda (x y) (* x (exp y))) v (list->vector (reverse (vector->list v)))))
(do ((i 0 (+ i 1)) (sum 0 (+ sum (* (+ i 1) (vector-ref w i))))) ((= i (vector-length w)) sum))
