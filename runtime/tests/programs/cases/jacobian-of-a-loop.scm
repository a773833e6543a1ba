; at: a=0.4 b=0.9
; value: -6.344016382644108
; gradient: a=0.12611325107978577 b=6.273827753394507
(define (turn v) (let loop ((i 0) (x (ref v 0)) (y (ref v 1))) (if (= i 4) (vec x y (* x y)) (loop (+ i 1) (- x (* a y)) (+ y (* b (sin x)))))))
(define j ((jacobian turn) (vec a b)))
(define h ((hessian (lambda (v) (vsum (turn v)))) (vec b a)))
(+ (ref j 0 0) (* 2 (ref j 2 1)) (ref h 0 0) (* 3 (ref h 0 1)))
