; at: a=0.6 b=1.4
; value: -9.171942086867992
; gradient: a=-36.35896230035659 b=-36.92201195992653
(define (f x y) (let loop ((i 0) (x x) (y y)) (if (= i 3) (list x y) (loop (+ i 1) (* x y) (+ y (cos x))))))
(define both (vjp f a b))
(define pull (cadr both))
(define g (pull (list 1 0)))
(define h (pull (list a (car (car both)))))
(+ (car g) (* 2 (cadr g)) (car h) (cadr h) (cadr (cadr (jvp f a b 1 a))))
