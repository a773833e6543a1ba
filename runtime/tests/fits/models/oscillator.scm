; truth: stiffness=2.2 damping=0.4
; x: 1 2 4 6 9 12
(lambda (stiffness damping x)
  (define (slope t y) (list (cadr y) (- (+ (* stiffness (car y)) (* damping (cadr y))))))
  (car (rk4 slope (list 1 0) 0 0.2 x)))
