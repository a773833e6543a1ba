; at: a=0.7
; value: 0.12249999999999998
; gradient: a=0.35
(define (act s x) (cond ((string=? s "square") (* x x)) ((string=? s "half") (/ x 2)) (else x)))
(act (string-append "squ" "are") (act "half" (act "none" a)))
