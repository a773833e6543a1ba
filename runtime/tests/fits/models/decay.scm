; truth: y0=2.5 k=0.6
; x: 0 1 2 3 5 8 12 16
(define (decay n y k) (if (= n 0) y (decay (- n 1) (* y (- 1 (* 0.1 k))) k)))
(lambda (y0 k x) (decay x y0 k))
