; at: a=0.8 y0=1.3
; value: 0.8838007829459088
; gradient: a=0.506946345262076 y0=0.3678797744124984
(define (f t y) (- (* a (cos t)) y))
(let step ((i 0) (t 0) (y y0)) (if (= i 10) y (step (+ i 1) (+ t 0.1) (rk4 f y t 0.1))))
