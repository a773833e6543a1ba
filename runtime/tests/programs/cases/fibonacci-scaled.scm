; at: a=0.3 b=1.4
; value: 93.80859375
; gradient: a=22.7421875 b=62.1328125
(define (fib n) (if (< n 2) (if (= n 0) a b) (+ (fib (- n 1)) (* 0.5 (fib (- n 2))))))
(fib 15)
