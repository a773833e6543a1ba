; at: a=0.9 x0=0.7
; value: 4.335997612012992
; gradient: a=4.81777512445888 x0=1.1079152627096647
(let ((r (jvp (lambda (x) (* a (exp (sin x)))) x0 1))) (+ (car r) (* 2 (cadr r))))
