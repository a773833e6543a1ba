; at: a=1.6 t0=0.5
; value: 19.200000000000003
; gradient: t0=0.0 a=12.0
; at: a=1.632 t0=0.5
; value: 19.584
; gradient: t0=0.0 a=12.0
; at: a=1.552 t0=0.5
; value: 18.624000000000002
; gradient: t0=0.0 a=12.0
; at: a=1.664 t0=0.5
; value: 19.968
; gradient: t0=0.0 a=12.0
; at: a=1.584 t0=0.5
; value: 19.008000000000003
; gradient: t0=0.0 a=12.0
(let sum ((i 0) (s 0)) (if (= i 6) s (sum (+ i 1) (+ s (* (> (* i 0.2) t0) a i)))))
