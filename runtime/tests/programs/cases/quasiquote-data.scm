; at: k=2.4
; value: 3.88
; gradient: k=1.2
(define spec `(model (rate ,k) (gain ,(* 2 k)) ,@(list 1 2)))
(+ (cadr (cadr spec)) (* 0.1 (cadr (caddr spec))) (list-ref spec 3))
