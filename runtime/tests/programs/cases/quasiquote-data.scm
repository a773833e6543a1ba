; at: k=2.4
; value: 3.88
; gradient: k=1.2
; at: k=2.448
; value: 3.9375999999999998
; gradient: k=1.2
; at: k=2.328
; value: 3.7935999999999996
; gradient: k=1.2
; at: k=2.496
; value: 3.9952
; gradient: k=1.2
; at: k=2.376
; value: 3.8512
; gradient: k=1.2
(define spec `(model (rate ,k) (gain ,(* 2 k)) ,@(list 1 2)))
(+ (cadr (cadr spec)) (* 0.1 (cadr (caddr spec))) (list-ref spec 3))
