; at: a=7.3
; value: 2.701851217221259
; gradient: a=0.1850583025494013
(loop ((i 0) (g 1)) (if (>= i 9) g (recur (+ i 1) (* 0.5 (+ g (/ a g))))))
