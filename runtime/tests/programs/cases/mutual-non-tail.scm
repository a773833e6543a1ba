; at: a=0.9 b=1.1
(define (f n) (if (= n 0) a (+ 1 (* b (g (- n 1))))))
(define (g n) (if (= n 0) b (- (sin (f (- n 1))) a)))
(f 8)
