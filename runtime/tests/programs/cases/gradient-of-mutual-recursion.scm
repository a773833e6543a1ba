; at: a=0.6 x0=1.1
; value: 4.729046234937536
; gradient: a=8.79691859453335 x0=5.080568977793248
; at: a=0.612 x0=1.122
; value: 4.949805325922002
; gradient: a=9.069684237704761 x0=5.2439129479006334
; at: a=0.582 x0=1.078
; value: 4.464027353493324
; gradient: a=8.492496301395617 x0=4.868190128787398
; at: a=0.624 x0=1.089
; value: 4.884083256403664
; gradient: a=8.863944761400555 x0=5.25963724465271
; at: a=0.594 x0=1.155
; value: 4.956875468381849
; gradient: a=9.242417594767822 x0=5.171353630260018
(define (even n x) (if (= n 0) x (odd (- n 1) (* a x))))
(define (odd n x) (if (= n 0) (sin x) (even (- n 1) (+ x (* 0.1 x x)))))
(define (tree n x) (if (< n 2) (* x a) (+ (* x (twig (- n 1) x)) (tree (- n 2) x))))
(define (twig n x) (if (< n 1) (exp (- x)) (tree (- n 1) (* 0.9 x))))
(+ ((grad (lambda (x) (even 7 x))) x0) ((derivative (lambda (x) (tree 5 x))) x0))
