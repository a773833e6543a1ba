; at: x=1.3
(+ (* x (stop-gradient x)) (sin x))
