; truth: a=0.6 b=1.4
; x: 0 0.5 1 1.5 2 3
(define (fixed f y) (let ((next (f y))) (if (< (abs (- next y)) 1e-13) next (fixed f next))))
(lambda (a b x) (fixed (lambda (y) (+ b (* 1/2 (sin (* a y)) (exp (- x))))) 1))
