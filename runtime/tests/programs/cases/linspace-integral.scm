; at: k=1.3
(let ((x (linspace 0 2 9))) (* 0.25 (vsum (exp (* (- k) x)))))
