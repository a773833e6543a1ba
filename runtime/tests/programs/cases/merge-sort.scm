; at: a=2.5 b=0.7
; value: 35.6
; gradient: a=13.8 b=7.0
; at: a=2.55 b=0.714
; value: 36.3908
; gradient: a=13.856 b=7.199999999999999
; at: a=2.425 b=0.686
; value: 34.471199999999996
; gradient: a=13.744 b=6.699999999999999
; at: a=2.6 b=0.693
; value: 36.928200000000004
; gradient: a=13.772 b=7.4
; at: a=2.475 b=0.735
; value: 35.575625
; gradient: a=13.675 b=10.375
(define (merge l r)
  (cond ((null? l) r)
        ((null? r) l)
        ((< (car l) (car r)) (cons (car l) (merge (cdr l) r)))
        (else (cons (car r) (merge l (cdr r))))))
(define (split l a b) (if (null? l) (values a b) (split (cdr l) (cons (car l) b) a)))
(define (sort l)
  (if (or (null? l) (null? (cdr l)))
      l
      (call-with-values (lambda () (split l '() '())) (lambda (x y) (merge (sort x) (sort y))))))
(define sorted (sort (list a 1 b (* a b) 0.2 (- a b))))
(apply + (map (lambda (x rank) (* x rank)) sorted '(1 2 3 4 5 6)))
