; at: x=0.9 y=0.4
(define (polar x y) (values (sqrt (+ (* x x) (* y y))) (atan y x)))
(let-values (((r th) (polar x y))) (* r th th))
