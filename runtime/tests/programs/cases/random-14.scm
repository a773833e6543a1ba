; at: a=0.7 b=-0.4 c=1.3
; value: -1.6632448058075127
; gradient: a=-0.12532044474616297 b=0.091 c=-2.0279999965639552
(+ (* 0.1 a b c) (* (- ((if (< a -0.6) tanh tanh) (exp (cos a))) (if (>= a -0.7) (+ c c) (sin c))) (tanh (+ (letrec ((f1 (lambda (n2 v3) (if (= n2 0) (* a (tanh -0.4)) (+ (- n2 -0.8) (* 0.5 (f1 (- n2 1) (sin (sin c))))))))) (f1 4 (let ((v4 c)) -0.9))) (if (and (< c -1.2) (< -1.1 b)) (fold (lambda (x5 s6) (tanh a)) c (list a 1.4)) (* c (tanh a)))))))
