; at: a=1.1 b=0.4
(let* ((r (vjp (lambda (x y) (* a x (sin y))) b 0.8)) (g ((cadr r) 2))) (+ (car r) (car g) (* 3 (cadr g))))
