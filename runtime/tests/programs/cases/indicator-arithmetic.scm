; at: a=1.6 t0=0.5
(let sum ((i 0) (s 0)) (if (= i 6) s (sum (+ i 1) (+ s (* (> (* i 0.2) t0) a i)))))
