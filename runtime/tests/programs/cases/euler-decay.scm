; at: k=0.7 y0=2.5
(let step ((i 0) (y y0)) (if (= i 40) y (step (+ i 1) (- y (* 0.05 k y)))))
