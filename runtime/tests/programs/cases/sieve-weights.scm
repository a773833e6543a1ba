; at: a=0.9
; value: 3.613371735855853
; gradient: a=28.522247417845772
(define (prime? n) (let try ((d 2)) (cond ((> (* d d) n) #t) ((= 0 (modulo n d)) #f) (else (try (+ d 1))))))
(define (sum n) (if (< n 2) 0 (+ (if (prime? n) (expt a n) 0) (sum (- n 1)))))
(sum 30)
