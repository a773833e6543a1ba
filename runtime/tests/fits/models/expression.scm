; truth: a=1.4 b=0.6
; x: -1 0 0.5 1 2 3
(define (value tree env)
  (cond ((number? tree) tree)
        ((symbol? tree) (cdr (assq tree env)))
        ((eq? (car tree) 'add) (+ (value (cadr tree) env) (value (caddr tree) env)))
        ((eq? (car tree) 'mul) (* (value (cadr tree) env) (value (caddr tree) env)))
        (else (error "no such operation" (car tree)))))
(lambda (a b x) (value '(add (mul a x) (mul (mul b b) (add x 2))) (list (cons 'a a) (cons 'b b) (cons 'x x))))
