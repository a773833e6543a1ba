; at: a=0.5 b=-0.3
; value: 4.57399440776261e-7
; gradient: a=1.9125900072048617e-6 b=-1.090090371599548e-5
; at: a=0.51 b=-0.306
; value: 5.488850554753242e-7
; gradient: a=2.2390950444849227e-6 b=-1.2722966759053026e-5
; at: a=0.485 b=-0.294
; value: 3.712080720653665e-7
; gradient: a=1.5982183483463927e-6 b=-9.113985735614665e-6
; at: a=0.52 b=-0.297
; value: 4.627294037510537e-7
; gradient: a=1.9139760286170746e-6 b=-1.105796092902719e-5
; at: a=0.495 b=-0.315
; value: 6.344286073605756e-7
; gradient: a=2.562362531198292e-6 b=-1.4301039581714304e-5
(define (model ws) (let loop ((i 0) (h a)) (if (= i 3) (* (caddr ws) h) (loop (+ i 1) (tanh (+ (* (car ws) h) (cadr ws)))))))
(define (loss ws) (square (- (model ws) b)))
(define (train ws n) (if (= n 0) ws (train (map (lambda (w g) (- w (* 0.3 g))) ws ((grad loss) ws)) (- n 1))))
(loss (train (list 0.4 0.1 0.8) 6))
