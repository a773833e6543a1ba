; at: a=0.7
; value: 3.0799999999999996
; gradient: a=5.8
; at: a=0.714
; value: 3.1615919999999997
; gradient: a=5.856
; at: a=0.679
; value: 2.9590820000000004
; gradient: a=5.716
; at: a=0.728
; value: 3.2439679999999997
; gradient: a=5.912
; at: a=0.693
; value: 3.0394979999999996
; gradient: a=5.772
(define (make k) (lambda (x) (* k x x)))
(+ ((derivative (make a)) 1.5) ((derivative (derivative (make (* a a)))) 0.3))
