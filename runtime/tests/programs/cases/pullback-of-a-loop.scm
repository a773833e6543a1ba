; at: a=0.6 b=1.4
; value: -9.171942086867992
; gradient: a=-36.35896230035659 b=-36.92201195992653
; at: a=0.612 b=1.428
; value: -10.532935851323106
; gradient: a=-29.47150737770413 b=-31.594877347681894
; at: a=0.582 b=1.372
; value: -7.366994210915578
; gradient: a=-42.39563942077896 b=-40.73181124664446
; at: a=0.624 b=1.386
; value: -9.50413370411941
; gradient: a=-33.53962932093828 b=-35.31956763970971
; at: a=0.594 b=1.47
; value: -11.295816321606395
; gradient: a=-25.646219148878075 b=-28.372178912545134
(define (f x y) (let loop ((i 0) (x x) (y y)) (if (= i 3) (list x y) (loop (+ i 1) (* x y) (+ y (cos x))))))
(define both (vjp f a b))
(define pull (cadr both))
(define g (pull (list 1 0)))
(define h (pull (list a (car (car both)))))
(+ (car g) (* 2 (cadr g)) (car h) (cadr h) (cadr (cadr (jvp f a b 1 a))))
