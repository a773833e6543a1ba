; at: w=0.1 a=0.2 b=0.6
(define (ll rs h acc)
  (if (null? rs) (- acc)
      (let* ((r (car rs)) (h (+ w (* a r r) (* b h)))) (ll (cdr rs) h (+ acc (* 0.5 (+ (log h) (/ (* r r) h))))))))
(ll '(0.3 -0.5 0.2 0.9 -0.1) 1 0)
