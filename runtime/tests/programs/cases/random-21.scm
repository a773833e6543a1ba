; at: a=0.7 b=-0.4 c=1.3
; value: 0.583529259075272
; gradient: c=-1.8784160624007986 a=0.01865082485316446 b=0.091
(define (f1 x) ((if (< 1.7 c) sin tanh) (cos 1.9)))
(define (f2 x) (/ (fold (lambda (x3 s4) (tanh s4)) x (list c a)) (+ 2 (square (* x (tanh x))))))
(+ (* 0.1 a b c) (+ (fold (lambda (x5 s6) (tanh (+ a c))) (/ c (+ 2 (square a))) (reverse (list -1.6 c 0))) (- (* (exp (cos c)) (tanh (sin 1.2))) (car (append (list c a) (list a a))))))
