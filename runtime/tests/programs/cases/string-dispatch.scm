; at: a=0.7
; value: 0.12249999999999998
; gradient: a=0.35
; at: a=0.714
; value: 0.12744899999999998
; gradient: a=0.357
; at: a=0.679
; value: 0.11526025000000002
; gradient: a=0.3395
; at: a=0.728
; value: 0.132496
; gradient: a=0.364
; at: a=0.693
; value: 0.12006224999999998
; gradient: a=0.3465
(define (act s x) (cond ((string=? s "square") (* x x)) ((string=? s "half") (/ x 2)) (else x)))
(act (string-append "squ" "are") (act "half" (act "none" a)))
