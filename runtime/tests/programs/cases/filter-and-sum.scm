; at: t=0.5 w=1.7
; value: 1.547
; gradient: w=0.91 t=3.094
(define data (list 0.1 0.7 0.4 0.9 0.2 0.6))
(* w (fold + 0 (map (lambda (v) (* t v v)) (filter (lambda (v) (> v 0.35)) data))))
