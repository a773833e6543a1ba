; at: r=3.2 x0=0.3
(define (history n x) (if (= n 0) '() (cons x (history (- n 1) (* r x (- 1 x))))))
(fold + 0 (history 10 x0))
