; at: a=0.7 b=-0.4 c=1.3
; value: -0.0364
; gradient: a=-0.052000000000000005 c=-0.028 b=0.091
(define (f1 x) (if (and (< a 0.8) (< x c)) (apply cos (list c)) (- 1.5 c)))
(+ (* 0.1 a b c) ((lambda (x2) ((grad ((lambda (k3) (lambda (x4) -1.9)) a)) (exp (cos x2)))) (sin (fold (lambda (x5 s6) (tanh (sin c))) (/ -1.3 (+ 2 (square b))) (let build7 ((n8 1)) (if (= n8 0) (list a) (cons c (build7 (- n8 1)))))))))
