; at: t=0.3
; value: -1.8924384246485724
; gradient: t=-5.521160854938193
; at: t=0.306
; value: -1.9191702114530578
; gradient: t=-3.3855850366298292
; at: t=0.291
; value: -1.828527484135354
; gradient: t=-8.6674629226791
; at: t=0.312
; value: -1.93303035243972
; gradient: t=-1.2324659261585948
; at: t=0.297
; value: -1.8742863627497905
; gradient: t=-6.578906767561973
(define R (mat [(cos t) (- (sin t)) 0] [(sin t) (cos t) 0] [0 0 0.9]))
(loop ((i 0) (v [1 0.5 2])) (if (= i 12) (+ (ref v 0) (* 2 (ref v 1)) (ref v 2)) (recur (+ i 1) (matvec R v))))
