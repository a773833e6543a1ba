; at: a=0.9 x0=0.7
(let ((r (jvp (lambda (x) (* a (exp (sin x)))) x0 1))) (+ (car r) (* 2 (cadr r))))
