; at: r=3.2 x0=0.3
; value: 6.431678330218596
; gradient: r=0.9916083293080575 x0=6.3086412375880245
(define (history n x) (if (= n 0) '() (cons x (history (- n 1) (* r x (- 1 x))))))
(fold + 0 (history 10 x0))
