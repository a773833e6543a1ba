; at: al=1.1 be=0.4 de=0.1 ga=0.4
; value: 6.3228793111265045
; gradient: al=12.025302677837349 be=-8.068999346543878 de=-7.127736826885237 ga=3.179400255709261
; at: al=1.122 be=0.408 de=0.102 ga=0.408
; value: 6.537297244290138
; gradient: al=12.39246972652364 be=-8.313109198305916 de=-7.630085331225559 ga=3.349995273027214
; at: al=1.067 be=0.392 de=0.097 ga=0.392
; value: 5.994288424806404
; gradient: al=11.452058956338412 be=-7.657264257531044 de=-6.426797181097524 ga=2.9414873225273284
; at: al=1.144 be=0.396 de=0.104 ga=0.396
; value: 6.862308998983275
; gradient: al=12.963908749232257 be=-8.891092976275937 de=-8.237141714332308 ga=3.5158716627814255
; at: al=1.089 be=0.42 de=0.099 ga=0.42
; value: 6.106010456579113
; gradient: al=11.63001727362997 be=-7.605843761783913 de=-6.827060638574604 ga=3.1127642277474856
(define (axpy s x y) (map (lambda (xi yi) (+ (* s xi) yi)) x y))
(define (rk4 f y dt n)
  (if (= n 0) y
    (let* ((k1 (f y)) (k2 (f (axpy (/ dt 2) k1 y))) (k3 (f (axpy (/ dt 2) k2 y))) (k4 (f (axpy dt k3 y))))
      (rk4 f (map (lambda (yi a b c d) (+ yi (* (/ dt 6) (+ a (* 2 b) (* 2 c) d)))) y k1 k2 k3 k4) dt (- n 1)))))
(define (rhs s) (let ((x (car s)) (y (cadr s))) (list (- (* al x) (* be x y)) (- (* de x y) (* ga y))))) (car (rk4 rhs (list 1.2 0.8) 0.05 40))
