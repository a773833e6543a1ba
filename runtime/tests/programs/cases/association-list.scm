; at: k=1.6 m=0.7
; value: 4.7700000000000005
; gradient: k=6.4 m=-0.5
(define env (list (cons 'k k) (cons 'm m) (cons 'c 2)))
(define (look name) (cdr (assq name env)))
(- (* (look 'k) (look 'k) (look 'c)) (/ (look 'm) (look 'c)))
