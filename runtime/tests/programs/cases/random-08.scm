; at: a=0.7 b=-0.4 c=1.3
; value: -0.02441199562544728
; gradient: b=0.03824639447514408 a=-0.03565838118656889 c=-0.025561580421760165
(define (f1 x) (apply (compose sin sin) (list (let loop2 ((i3 0) (s4 b)) (if (= i3 4) s4 (loop2 (+ i3 1) (tanh s4)))))))
(define (f5 x) (* (* x (tanh -0.1)) (tanh (* a (tanh b)))))
(+ (* 0.1 a b c) (* (sin (if (and (>= a a) (< -1.1 c)) (* 1.1 (tanh c)) (apply f5 (list -0.4)))) (tanh (((lambda (k6) (lambda (x7) (* k6 (tanh b)))) (f5 -1.5)) (let loop8 ((i9 0) (s10 (f5 b))) (if (= i9 5) s10 (loop8 (+ i9 1) (tanh (if (>= c -1.9) b b)))))))))
