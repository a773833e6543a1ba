; at: a=1.1 b=0.4
; value: 3.7331257926512573
; gradient: a=3.3937507205920516 b=5.387355981680767
(let* ((r (vjp (lambda (x y) (* a x (sin y))) b 0.8)) (g ((cadr r) 2))) (+ (car r) (car g) (* 3 (cadr g))))
