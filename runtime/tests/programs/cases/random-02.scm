; at: a=0.7 b=-0.4 c=1.3
; value: 5.196616090855532
; gradient: c=0.6159202595062913 b=0.091 a=-0.5422346556532385
(define (f1 x) (* (car (list c b)) (tanh (cos a))))
(+ (* 0.1 a b c) (if (or (< (apply f1 (list c)) (car (list c b))) (not (and (< -0.6 c) (>= -1.3 c)))) (+ (letrec ((f2 (lambda (n3 v4) (if (= n3 0) (* n3 (tanh v4)) (+ (exp (cos 0.4)) (* 0.5 (f2 (- n3 1) (sin (if (>= 0.3 c) b -1.5))))))))) (f2 3 (/ c (+ 2 (square a))))) (apply (compose f1 f1) (list (sin b)))) (- (/ (fold (lambda (x5 s6) (tanh 0.9)) b (list c c)) (+ 2 (square (apply f1 (list c))))) (sin (f1 a)))))
