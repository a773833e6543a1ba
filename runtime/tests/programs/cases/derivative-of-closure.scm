; at: a=0.7
; value: 3.0799999999999996
; gradient: a=5.8
(define (make k) (lambda (x) (* k x x)))
(+ ((derivative (make a)) 1.5) ((derivative (derivative (make (* a a)))) 0.3))
