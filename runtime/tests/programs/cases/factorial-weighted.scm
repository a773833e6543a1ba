; at: x=0.7
; value: 2.013752707468839
; gradient: x=2.013752707439943
(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))
(define (term n) (/ (expt x n) (fact n)))
(define (sum n) (if (< n 0) 0 (+ (term n) (sum (- n 1)))))
(sum 12)
