; at: w=0.1 a=0.2 b=0.6
; value: 0.48163125999996576
; gradient: w=-4.9714411460224515 a=-0.6398852932686986 b=-3.5180026601568826
(define (ll rs h acc)
  (if (null? rs) (- acc)
      (let* ((r (car rs)) (h (+ w (* a r r) (* b h)))) (ll (cdr rs) h (+ acc (* 0.5 (+ (log h) (/ (* r r) h))))))))
(ll '(0.3 -0.5 0.2 0.9 -0.1) 1 0)
