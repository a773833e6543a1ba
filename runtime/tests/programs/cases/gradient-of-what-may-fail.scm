; at: a=0.8 b=2.5
; value: 4.020381621800289
; gradient: a=1.8868072347358589 b=0.5013336697281456
(define (checked-root x) (if (< x 0) (error "no root of" x) (sqrt x)))
(define (f x) (let loop ((i 0) (s 0)) (if (= i 3) s (loop (+ i 1) (+ s (checked-root (+ x (* i a))))))))
(define (g x) (if (> x 9) (error "too far" x) (* x (checked-root (* a x)))))
(+ ((grad f) b) ((grad g) b) (cadr (jvp g b 0.5)))
