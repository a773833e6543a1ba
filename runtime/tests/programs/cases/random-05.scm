; at: a=0.7 b=-0.4 c=1.3
; value: -0.21422164338629182
; gradient: b=0.091 a=-0.052000000000000005 c=-0.028
(define (f1 x) (- (+ b 1.8) (tanh -1.2)))
(+ (* 0.1 a b c) (letrec ((f2 (lambda (n3 v4) (if (= n3 0) (let loop5 ((i6 0) (s7 -0.2)) (if (= i6 2) s7 (loop5 (+ i6 1) (tanh s7)))) (+ (let ((v8 v4)) v8) (* 0.5 (f2 (- n3 1) (sin (sin n3))))))))) (f2 4 (/ 0.2 (+ 2 (square -1.6))))))
