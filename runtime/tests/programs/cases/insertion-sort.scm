; at: a=0.9 b=0.3 c=0.6
; value: 4.2
; gradient: a=3.0 b=1.0 c=2.0
(define (insert x l) (cond ((null? l) (list x)) ((< x (car l)) (cons x l)) (else (cons (car l) (insert x (cdr l))))))
(define sorted (fold insert '() (list a b c)))
(+ (car sorted) (* 2 (cadr sorted)) (* 3 (caddr sorted)))
