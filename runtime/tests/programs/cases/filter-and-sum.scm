; at: t=0.5 w=1.7
; value: 1.547
; gradient: w=0.91 t=3.094
; at: t=0.51 w=1.734
; value: 1.6094988
; gradient: w=0.9282 t=3.15588
; at: t=0.485 w=1.666
; value: 1.4705781999999998
; gradient: w=0.8826999999999999 t=3.03212
; at: t=0.52 w=1.683
; value: 1.5927912000000002
; gradient: w=0.9464 t=3.06306
; at: t=0.495 w=1.785
; value: 1.6081064999999999
; gradient: w=0.9008999999999999 t=3.2487
(define data (list 0.1 0.7 0.4 0.9 0.2 0.6))
(* w (fold + 0 (map (lambda (v) (* t v v)) (filter (lambda (v) (> v 0.35)) data))))
