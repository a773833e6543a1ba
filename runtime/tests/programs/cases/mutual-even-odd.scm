; at: a=1.2 b=0.8
; value: -7.6415999999999995
; gradient: a=-22.0736 b=-6.441599999999999
(define (ev n x) (if (= n 0) x (od (- n 1) (* a x))))
(define (od n x) (if (= n 0) (- x) (ev (- n 1) (+ b x))))
(ev 9 1)
