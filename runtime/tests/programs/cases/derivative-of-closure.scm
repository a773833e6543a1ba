; at: a=0.7
(define (make k) (lambda (x) (* k x x)))
(+ ((derivative (make a)) 1.5) ((derivative (derivative (make (* a a)))) 0.3))
