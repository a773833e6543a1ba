; at: a=0.8 b=0.3
; value: 1.4060475904000003
; gradient: a=5.570620160000002 b=4.32891136
(define (y f) ((lambda (x) (f (lambda (v) ((x x) v)))) (lambda (x) (f (lambda (v) ((x x) v))))))
(define f (y (lambda (self) (lambda (n) (if (= n 0) a (+ b (* a (self (- n 1)))))))))
(f 9)
