; at: x=0.8
(fold + 0 (map (lambda (df) (df x)) (map grad (list sin exp (lambda (v) (* v v v))))))
