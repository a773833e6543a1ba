; at: w=0.3 speed=0.75
; value: -5986.254505943654
; gradient: w=14673.38175967528 speed=29052.126167203845
; at: w=0.306 speed=0.765
; value: -5534.327204497892
; gradient: w=13270.713931584864 speed=20509.395800688122
; at: w=0.291 speed=0.735
; value: -6654.885355304512
; gradient: w=16812.300190540922 speed=42074.60637365562
; at: w=0.312 speed=0.7425
; value: -6040.641364457138
; gradient: w=14989.0196513658 speed=33011.60122241444
; at: w=0.297 speed=0.7875
; value: -5280.553012230825
; gradient: w=12363.004655837214 speed=12806.990954843384
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
