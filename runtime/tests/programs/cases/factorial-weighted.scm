; at: x=0.7
(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))
(define (term n) (/ (expt x n) (fact n)))
(define (sum n) (if (< n 0) 0 (+ (term n) (sum (- n 1)))))
(sum 12)
