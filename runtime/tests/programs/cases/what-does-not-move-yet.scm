; at: a=0.7 n=4.0
; value: 14.481218769355355
; gradient: n=1.0 a=-2.3595799063258176
; at: a=0.714 n=4.0
; value: 14.448781719144202
; gradient: n=1.0 a=-2.2751188484540084
; at: a=0.679 n=4.0
; value: 14.532182559812574
; gradient: n=1.0 a=-2.496197085713845
; at: a=0.728 n=4.0
; value: 14.417493002013629
; gradient: n=1.0 a=-2.1954675970617825
; at: a=0.693 n=4.0
; value: 14.497889613521718
; gradient: n=1.0 a=-2.403740281050626
(define (f x)
  (let loop ((i 0) (s 0) (t 1))
    (if (= i n) (+ s t) (loop (+ i 1) (+ x (sqrt s)) (if (> i 1) (* t (sqrt x)) (sqrt (- 1 t)))))))
(define (g x) (sqrt (if (> x 0) x 0)))
(define (h x y) (let loop ((i 0) (s 0)) (if (= i 2) (* x y) (loop (+ i 1) (if (> i 0) (* y (sqrt s)) s)))))
(+ ((grad f) a) (cadr (jvp f a 2)) ((grad g) -1) (cadr (jvp g -1 1)) (car ((grad h) a n)) ((derivative f) (* a a)))
