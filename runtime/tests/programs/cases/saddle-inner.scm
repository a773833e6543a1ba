; at: a=0.3 b=0.9
; value: 3.51389568
; gradient: a=-1.2870144000000001 b=0.5709952
(define (inner x) (let descend ((i 0) (y 0)) (if (= i 6) y (descend (+ i 1) (- y (* 0.2 ((grad (lambda (y) (+ (* y y) (* a x y)))) y)))))))
(+ b ((grad (lambda (x) (+ (* x x) (* b x (inner x))))) 1.5))
