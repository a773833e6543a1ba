; at: x=0.7 y=1.9
; value: 3.9226648104524684
; gradient: x=2.5311555057044752 y=0.48999999999999994
(define (ev e env)
  (cond ((number? e) e)
        ((symbol? e) (cdr (assq e env)))
        (else (let ((op (car e)) (args (map (lambda (a) (ev a env)) (cdr e))))
                (cond ((eq? op 'add) (apply + args))
                      ((eq? op 'mul) (apply * args))
                      ((eq? op 'sin) (sin (car args)))
                      (else (error "unknown operator" op)))))))
(ev '(add (mul x x y) (sin (add x 1)) 2) (list (cons 'x x) (cons 'y y)))
