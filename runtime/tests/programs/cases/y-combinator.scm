; at: a=0.8 b=0.3
(define (y f) ((lambda (x) (f (lambda (v) ((x x) v)))) (lambda (x) (f (lambda (v) ((x x) v))))))
(define f (y (lambda (self) (lambda (n) (if (= n 0) a (+ b (* a (self (- n 1)))))))))
(f 9)
