; at: a=0.9 b=0.3 c=0.6
; value: 4.2
; gradient: a=3.0 b=1.0 c=2.0
; at: a=0.918 b=0.306 c=0.612
; value: 4.284
; gradient: a=3.0 b=1.0 c=2.0
; at: a=0.873 b=0.294 c=0.582
; value: 4.077
; gradient: a=3.0 b=1.0 c=2.0
; at: a=0.936 b=0.297 c=0.624
; value: 4.353
; gradient: a=3.0 b=1.0 c=2.0
; at: a=0.891 b=0.315 c=0.594
; value: 4.176
; gradient: a=3.0 b=1.0 c=2.0
(define (insert x l) (cond ((null? l) (list x)) ((< x (car l)) (cons x l)) (else (cons (car l) (insert x (cdr l))))))
(define sorted (fold insert '() (list a b c)))
(+ (car sorted) (* 2 (cadr sorted)) (* 3 (caddr sorted)))
