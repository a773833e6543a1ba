; at: a=0.6 x0=1.1
; value: 4.729046234937536
; gradient: a=8.79691859453335 x0=5.080568977793248
(define (even n x) (if (= n 0) x (odd (- n 1) (* a x))))
(define (odd n x) (if (= n 0) (sin x) (even (- n 1) (+ x (* 0.1 x x)))))
(define (tree n x) (if (< n 2) (* x a) (+ (* x (twig (- n 1) x)) (tree (- n 2) x))))
(define (twig n x) (if (< n 1) (exp (- x)) (tree (- n 1) (* 0.9 x))))
(+ ((grad (lambda (x) (even 7 x))) x0) ((derivative (lambda (x) (tree 5 x))) x0))
