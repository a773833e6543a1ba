; at: a=0.7 b=-0.4 c=1.3
; value: 2.255646431385567
; gradient: a=-0.23160471728673984 c=-0.028 b=-0.007624278183963635
(define (f1 x) ((grad ((lambda (k2) (lambda (x3) a)) 1.1)) (letrec ((f4 (lambda (n5 v6) (if (= n5 0) 0.9 (+ v6 (* 0.5 (f4 (- n5 1) (sin c)))))))) (f4 1 c))))
(define (f7 x) ((if (>= -1.4 b) f1 f1) (if (< b b) c a)))
(+ (* 0.1 a b c) (+ (let ((v8 (* (* a (tanh -1.8)) (tanh (* b (tanh c)))))) (- (letrec ((f9 (lambda (n10 v11) (if (= n10 0) v8 (+ v11 (* 0.5 (f9 (- n10 1) (sin 0.3)))))))) (f9 4 -0.5)) (letrec ((f12 (lambda (n13 v14) (if (= n13 0) v8 (+ 0.1 (* 0.5 (f12 (- n13 1) (sin n13)))))))) (f12 4 -1.4)))) (+ (/ (/ a (+ 2 (square 0.7))) (+ 2 (square (f1 b)))) (exp (cos (/ a (+ 2 (square b))))))))
