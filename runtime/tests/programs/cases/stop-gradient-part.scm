; at: x=1.3
; value: 2.653558185417193
; gradient: x=1.5674988286245874
(+ (* x (stop-gradient x)) (sin x))
