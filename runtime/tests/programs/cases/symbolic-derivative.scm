; at: x=1.3 a=0.6
; value: 6.630000000000001
; gradient: x=9.0 a=2.6
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
