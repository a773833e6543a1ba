; at: a=0.5 b=2.0
; value: 22.0
; gradient: a=24.5 b=7.5
; at: a=0.51 b=2.04
; value: 22.55121
; gradient: a=25.1022 b=7.660200000000001
; at: a=0.485 b=1.96
; value: 21.34202525
; gradient: a=23.763749999999998 b=7.30045
; at: a=0.52 b=1.98
; value: 22.3428
; gradient: a=24.9008 b=7.6208
; at: a=0.495 b=2.1
; value: 22.63385475
; gradient: a=25.15815 b=7.66005
(define nil (lambda (c n) n))
(define (kons x l) (lambda (c n) (c x (l c n))))
(define (sum l) (l + 0))
(define (product l) (l * 1))
(define (mapped f l) (lambda (c n) (l (lambda (x rest) (c (f x) rest)) n)))
(define numbers (kons a (kons b (kons 3 nil))))
(+ (sum (mapped square numbers)) (product (mapped (lambda (x) (+ x a)) numbers)))
