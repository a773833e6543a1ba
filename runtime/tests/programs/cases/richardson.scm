; at: k=0.8 y0=1.2
; value: 0.6116188941223145
; gradient: y0=0.25857928761920285 k=-0.37665468622408893
; at: k=0.816 y0=1.224
; value: 0.6116717895875725
; gradient: y0=0.2483767529206714 k=-0.3770326519763122
; at: k=0.776 y0=1.176
; value: 0.6143311329600049
; gradient: y0=0.2718624535084927 k=-0.37966609231187814
; at: k=0.832 y0=1.188
; value: 0.5967971033735926
; gradient: y0=0.25104919079005295 k=-0.3588349335516943
; at: k=0.792 y0=1.26
; value: 0.6299362212674825
; gradient: y0=0.24859796690184618 k=-0.39987725122620743
(define (euler n) (let ((h (/ 1 n))) (do ((i 0 (+ i 1)) (y y0 (- y (* h k y y)))) ((= i n) y))))
(define (richardson method order)
  (lambda (n) (let ((p (expt 2 order))) (/ (- (* p (method (* 2 n))) (method n)) (- p 1)))))
((richardson (richardson euler 1) 2) 3)
