; truth: a=1.3 b=0.6
; x: 0.5 1 1.5 2 3 5
(define (fraction n a b x) (if (= n 0) x (/ a (+ x (fraction (- n 1) b a x)))))
(lambda (a b x) (fraction 6 a b x))
