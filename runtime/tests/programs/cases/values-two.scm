; at: x=0.9 y=0.4
; value: 0.1722679376338388
; gradient: x=-0.17987774456879588 y=0.8353947693643876
(define (polar x y) (values (sqrt (+ (* x x) (* y y))) (atan y x)))
(let-values (((r th) (polar x y))) (* r th th))
