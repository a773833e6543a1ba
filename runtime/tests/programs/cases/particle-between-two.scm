; at: w=0.3 speed=0.75
; value: -5986.254505943654
; gradient: w=14673.38175967528 speed=29052.126167203845
(define (potential x y) (+ (/ 1 (sqrt (+ 2 (square x) (square (- y (- 10 w)))))) (/ 1 (sqrt (+ 2 (square (- x 10)) (square y))))))
(define (landing start)
  (let loop ((x 0) (y start) (vx speed) (vy 0))
    (let ((nx (+ x (* 0.1 vx))) (ny (+ y (* 0.1 vy))))
      (if (> ny 0)
          (loop nx ny
                (- vx (* 0.1 ((grad (lambda (x) (potential x y))) x)))
                (- vy (* 0.1 ((derivative (lambda (y) (potential x y))) y))))
          (- x (* vx (/ y vy)))))))
((grad (lambda (start) (square (landing start)))) 8)
