; at: a=1.1 b=0.7
(define (transposed l) (apply map list l))
(define m (transposed (list (list a b 1) (list 2 a b))))
(fold + 0 (map (lambda (row) (* (car row) (cadr row))) m))
