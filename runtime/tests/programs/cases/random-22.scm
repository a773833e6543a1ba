; at: a=0.7 b=-0.4 c=1.3
; value: -0.6822952473476059
; gradient: c=-0.44036479842854054 a=-0.052000000000000005 b=0.091
(define (f1 x) (* (car (list x c)) (tanh (tanh -0.7))))
(+ (* 0.1 a b c) (if (or (< (f1 -0.3) (/ c (+ 2 (square 1.8)))) (>= (* -0.3 (tanh -0.8)) (* a (tanh a)))) (sin (car (map f1 (list c 1.2)))) (letrec ((f2 (lambda (n3 v4) (if (= n3 0) (f1 n3) (+ (/ -1 (+ 2 (square v4))) (* 0.5 (f2 (- n3 1) (sin (if (>= -0.9 -0.6) 1.5 n3))))))))) (f2 1 (- b -0.7)))))
