; at: k=30.0 y0=0.5
; value: 0.7379799000058685
; gradient: k=9.244151069856431e-5 y0=0.004664853385593834
; at: k=30.6 y0=0.51
; value: 0.7380779199161989
; gradient: k=8.284669727601884e-5 y0=0.0044343278075478325
; at: k=29.1 y0=0.49
; value: 0.7378419703031573
; gradient: k=0.00010666800735228377 y0=0.0050395921607358524
; at: k=31.2 y0=0.495
; value: 0.7380626722128327
; gradient: k=8.275536351382805e-5 y0=0.004226641718632364
; at: k=29.7 y0=0.525
; value: 0.7380711871461169
; gradient: k=8.54937393715192e-5 y0=0.00477495564307982
(define h 0.1)
(define (residual old) (lambda (y) (- y old (* h k (- (cos y) y)))))
(define (root f y n) (if (= n 0) y (root f (- y (/ (f y) ((derivative f) y))) (- n 1))))
(define (march y n) (if (= n 0) y (march (root (residual y) y 3) (- n 1))))
(march y0 3)
