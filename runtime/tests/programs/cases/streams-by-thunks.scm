; at: r=0.6
; value: 2.4580096
; gradient: r=5.585152
(define (from n) (cons n (lambda () (from (* n r)))))
(define (take-sum s n) (if (= n 0) 0 (+ (car s) (take-sum ((cdr s)) (- n 1)))))
(take-sum (from 1) 8)
