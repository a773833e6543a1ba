; at: a=0.9
; value: 0.6859328955547276
; gradient: a=0.4210289233663144
(define (iter self n x) (if (= n 0) x (self self (- n 1) (* a (cos x)))))
(iter iter 7 1)
