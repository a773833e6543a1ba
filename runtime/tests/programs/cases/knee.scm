; at: q0=1.9 a=0.02 b=0.004
; value: 3.496
; gradient: q0=2.0 a=-12.0 b=-16.0
(define (cap n) (if (< n 5) (- q0 (* a n)) (- q0 (* a n) (* b (square (- n 5)))))) (+ (cap 3) (cap 9))
