; truth: alpha=0.35 s0=2
; x: 1 2 3 4 5 6 8
(define (take l n) (if (= n 0) '() (cons (car l) (take (cdr l) (- n 1)))))
(lambda (alpha s0 x)
  (fold (lambda (y s) (+ (* alpha y) (* (- 1 alpha) s))) s0 (take '(1 4 2 8 5 7 1 3) x)))
