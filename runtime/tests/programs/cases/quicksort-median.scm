; at: p=0.35 q=0.8
; value: 0.7
; gradient: p=2.0 q=0.0
; at: p=0.357 q=0.8
; value: 0.714
; gradient: p=2.0 q=0.0
; at: p=0.3395 q=0.8
; value: 0.679
; gradient: p=2.0 q=0.0
; at: p=0.364 q=0.8
; value: 0.728
; gradient: p=2.0 q=0.0
; at: p=0.3465 q=0.8
; value: 0.693
; gradient: p=2.0 q=0.0
(define (part f l) (filter f l))
(define (qs l)
  (if (null? l) l
      (let ((v (car l)) (r (cdr l)))
        (append (qs (part (lambda (x) (< x v)) r)) (list v) (qs (part (lambda (x) (>= x v)) r))))))
(define l (qs (list (* 2 p) q (+ p q) 0.1 (* p q))))
(list-ref l 2)
