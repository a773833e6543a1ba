; at: x=1.3 a=0.6
; value: 6.630000000000001
; gradient: x=9.0 a=2.6
; at: x=1.326 a=0.612
; value: 6.897852
; gradient: x=9.18 a=2.652
; at: x=1.261 a=0.588
; value: 6.253298999999999
; gradient: x=8.741999999999999 a=2.522
; at: x=1.352 a=0.594
; value: 7.089888000000001
; gradient: x=9.3 a=2.704
; at: x=1.287 a=0.63
; value: 6.590726999999999
; gradient: x=8.982 a=2.574
(define (d e)
  (cond ((number? e) 0)
        ((symbol? e) (if (eq? e 'x) 1 0))
        ((eq? (car e) '+) (list '+ (d (cadr e)) (d (caddr e))))
        (else (list '+ (list '* (d (cadr e)) (caddr e)) (list '* (cadr e) (d (caddr e)))))))
(define (ev e)
  (cond ((number? e) e)
        ((eq? e 'x) x)
        ((eq? e 'a) a)
        ((eq? (car e) '+) (+ (ev (cadr e)) (ev (caddr e))))
        (else (* (ev (cadr e)) (ev (caddr e))))))
(ev (d '(* (* x x) (+ x a))))
