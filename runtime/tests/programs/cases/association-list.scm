; at: k=1.6 m=0.7
(define env (list (cons 'k k) (cons 'm m) (cons 'c 2)))
(define (look name) (cdr (assq name env)))
(- (* (look 'k) (look 'k) (look 'c)) (/ (look 'm) (look 'c)))
