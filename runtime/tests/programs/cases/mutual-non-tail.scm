; at: a=0.9 b=1.1
; value: 0.8275002968321897
; gradient: a=-2.653145605580683 b=-0.38113134774144697
(define (f n) (if (= n 0) a (+ 1 (* b (g (- n 1))))))
(define (g n) (if (= n 0) b (- (sin (f (- n 1))) a)))
(f 8)
