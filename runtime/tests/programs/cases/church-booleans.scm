; at: p=0.3 q=0.8
; value: 0.24
; gradient: p=0.8 q=0.3
; at: p=0.306 q=0.816
; value: 0.24969599999999997
; gradient: p=0.816 q=0.306
; at: p=0.291 q=0.784
; value: 0.22814399999999999
; gradient: p=0.784 q=0.291
; at: p=0.312 q=0.792
; value: 0.24710400000000002
; gradient: p=0.792 q=0.312
; at: p=0.297 q=0.84
; value: 0.24947999999999998
; gradient: p=0.84 q=0.297
(define true (lambda (a b) (a)))
(define false (lambda (a b) (b)))
(define (both x y) (lambda (a b) (x (lambda () (y a b)) b)))
(define (less x y) (if (< x y) true false))
((both (less p q) (less q 1))
 (lambda () (* p q))
 (lambda () (error "not in order")))
