; at: al=1.1 be=0.4 de=0.1 ga=0.4
; value: 6.3228793111265045
; gradient: al=12.025302677837349 be=-8.068999346543878 de=-7.127736826885237 ga=3.179400255709261
(define (axpy s x y) (map (lambda (xi yi) (+ (* s xi) yi)) x y))
(define (rk4 f y dt n)
  (if (= n 0) y
    (let* ((k1 (f y)) (k2 (f (axpy (/ dt 2) k1 y))) (k3 (f (axpy (/ dt 2) k2 y))) (k4 (f (axpy dt k3 y))))
      (rk4 f (map (lambda (yi a b c d) (+ yi (* (/ dt 6) (+ a (* 2 b) (* 2 c) d)))) y k1 k2 k3 k4) dt (- n 1)))))
(define (rhs s) (let ((x (car s)) (y (cadr s))) (list (- (* al x) (* be x y)) (- (* de x y) (* ga y))))) (car (rk4 rhs (list 1.2 0.8) 0.05 40))
