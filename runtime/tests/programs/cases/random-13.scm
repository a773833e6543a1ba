; at: a=0.7 b=-0.4 c=1.3
; value: 1.3906038821995719
; gradient: c=2.7096270235576037 a=-3.427 b=0.091
(define (f1 x) (letrec ((f2 (lambda (n3 v4) (if (= n3 0) (tanh c) (+ (- c x) (* 0.5 (f2 (- n3 1) (sin (sin n3))))))))) (f2 2 (/ x (+ 2 (square 0.9))))))
(+ (* 0.1 a b c) (car (map (compose (compose f1 f1) (if (< 0.4 -0.6) f1 f1)) (let ((l5 (append (list a a) (list b b)))) (let ((l6 l5)) l6)))))
