; at: a=0.5 b=-0.3
; value: 4.57399440776261e-7
; gradient: a=1.9125900072048617e-6 b=-1.090090371599548e-5
(define (model ws) (let loop ((i 0) (h a)) (if (= i 3) (* (caddr ws) h) (loop (+ i 1) (tanh (+ (* (car ws) h) (cadr ws)))))))
(define (loss ws) (square (- (model ws) b)))
(define (train ws n) (if (= n 0) ws (train (map (lambda (w g) (- w (* 0.3 g))) ws ((grad loss) ws)) (- n 1))))
(loss (train (list 0.4 0.1 0.8) 6))
