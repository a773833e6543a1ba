; at: f=2.3 d=0.7
(let ((r [d 0.2 0.1]) (F [0.5 f -0.3])) (norm (cross r F)))
