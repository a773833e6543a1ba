; at: t=0.3
; value: -1.8924384246485724
; gradient: t=-5.521160854938193
(define R (mat [(cos t) (- (sin t)) 0] [(sin t) (cos t) 0] [0 0 0.9]))
(loop ((i 0) (v [1 0.5 2])) (if (= i 12) (+ (ref v 0) (* 2 (ref v 1)) (ref v 2)) (recur (+ i 1) (matvec R v))))
