; truth: h1=1.5 c1=-1 h2=0.7 c2=1.2
; x: -3 -2 -1.5 -1 -0.5 0 0.5 1 1.5 2 3
(define (peak h c) (lambda (x) (* h (exp (- (square (- x c)))))))
(lambda (h1 c1 h2 c2 x) (apply + (map (lambda (f) (f x)) (list (peak h1 c1) (peak h2 c2)))))
