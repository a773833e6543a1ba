; at: a=1.6 t0=0.5
; value: 19.200000000000003
; gradient: t0=0.0 a=12.0
(let sum ((i 0) (s 0)) (if (= i 6) s (sum (+ i 1) (+ s (* (> (* i 0.2) t0) a i)))))
