; at: a=0.6 b=1.9
; value: 2.5229999999999997
; gradient: a=4.205 b=1.74
; at: a=0.612 b=1.938
; value: 2.6413442639999998
; gradient: a=4.315922 b=1.7980559999999999
; at: a=0.582 b=1.862
; value: 2.383593804
; gradient: a=4.095522 b=1.665684
; at: a=0.624 b=1.881
; value: 2.589650232
; gradient: a=4.1500805 b=1.797744
; at: a=0.594 b=1.995
; value: 2.664097425
; gradient: a=4.485012500000001 b=1.77903
(define (evaluate e env)
  (cond ((symbol? e) (cdr (assq e env)))
        ((not (pair? e)) e)
        ((eq? (car e) 'fn) (lambda (v) (evaluate (caddr e) (cons (cons (cadr e) v) env))))
        (else ((evaluate (car e) env) (evaluate (cadr e) env)))))
(define globals
  (list (cons 'a a) (cons 'b b)
        (cons 'add (lambda (x) (lambda (y) (+ x y))))
        (cons 'mul (lambda (x) (lambda (y) (* x y))))))
(evaluate '((fn twice ((mul a) ((twice (fn x ((add x) ((mul x) b)))) 0.5)))
            (fn f (fn x (f (f x)))))
          globals)
