; at: a=1.1 b=0.7
; value: 3.67
; gradient: a=2.7 b=2.1
(define (transposed l) (apply map list l))
(define m (transposed (list (list a b 1) (list 2 a b))))
(fold + 0 (map (lambda (row) (* (car row) (cadr row))) m))
