; at: a=0.7 b=-0.4 c=1.3
; value: -0.26239990583744227
; gradient: b=0.5911006723862026 c=-0.028 a=-0.052000000000000005
(define (f1 x) ((lambda (x2) x) (- -2 b)))
(define (f3 x) (- (fold (lambda (x4 s5) (tanh c)) b (list c b)) (* -0.3 (tanh x))))
(+ (* 0.1 a b c) (apply f1 (list (sin (let ((v6 (sin b))) (* 0.6 (tanh b)))))))
