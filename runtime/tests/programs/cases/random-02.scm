; at: a=0.7 b=-0.4 c=1.3
; value: 5.196616090855532
; gradient: c=0.6159202595062913 b=0.091 a=-0.5422346556532385
; at: a=0.714 b=-0.408 c=1.326
; value: 5.20403016722614
; gradient: c=0.6094347011529316 b=0.09467640000000001 a=-0.5683650648630566
; at: a=0.679 b=-0.392 c=1.261
; value: 5.184115602441533
; gradient: c=0.6250561847297226 b=0.0856219 a=-0.5050445301939216
; at: a=0.728 b=-0.396 c=1.352
; value: 5.212840665317809
; gradient: c=0.6042314436541834 b=0.09842560000000002 a=-0.592605363957327
; at: a=0.693 b=-0.42 c=1.287
; value: 5.190559109396748
; gradient: c=0.6174353969692267 b=0.0891891 a=-0.5325599394402015
(define (f1 x) (* (car (list c b)) (tanh (cos a))))
(+ (* 0.1 a b c) (if (or (< (apply f1 (list c)) (car (list c b))) (not (and (< -0.6 c) (>= -1.3 c)))) (+ (letrec ((f2 (lambda (n3 v4) (if (= n3 0) (* n3 (tanh v4)) (+ (exp (cos 0.4)) (* 0.5 (f2 (- n3 1) (sin (if (>= 0.3 c) b -1.5))))))))) (f2 3 (/ c (+ 2 (square a))))) (apply (compose f1 f1) (list (sin b)))) (- (/ (fold (lambda (x5 s6) (tanh 0.9)) b (list c c)) (+ 2 (square (apply f1 (list c))))) (sin (f1 a)))))
