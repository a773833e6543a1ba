; at: a=0.5
(define (twice f) (lambda (x) (f (f x))))
(+ (((twice twice) (lambda (x) (+ (* a x) 1))) 1) ((twice sin) a))
