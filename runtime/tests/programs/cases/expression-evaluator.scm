; at: x=0.7 y=1.9
; value: 3.9226648104524684
; gradient: x=2.5311555057044752 y=0.48999999999999994
; at: x=0.714 y=1.938
; value: 3.977748512892526
; gradient: x=2.6247492784292747 y=0.5097959999999999
; at: x=0.679 y=1.862
; value: 3.852610033910592
; gradient: x=2.420603345290025 y=0.4610410000000001
; at: x=0.728 y=1.881
; value: 3.9845688327836077
; gradient: x=2.582179022782628 y=0.529984
; at: x=0.693 y=1.995
; value: 3.9506391738582964
; gradient: x=2.64317025936483 y=0.4802489999999999
(define (ev e env)
  (cond ((number? e) e)
        ((symbol? e) (cdr (assq e env)))
        (else (let ((op (car e)) (args (map (lambda (a) (ev a env)) (cdr e))))
                (cond ((eq? op 'add) (apply + args))
                      ((eq? op 'mul) (apply * args))
                      ((eq? op 'sin) (sin (car args)))
                      (else (error "unknown operator" op)))))))
(ev '(add (mul x x y) (sin (add x 1)) 2) (list (cons 'x x) (cons 'y y)))
