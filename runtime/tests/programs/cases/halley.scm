; at: a=5.0 p=3.0
; value: 1.7099759429800345
; gradient: p=-0.30578886728250737 a=0.11399837941293006
; at: a=5.1 p=3.06
; value: 1.7030683688229356
; gradient: p=-0.29632916169773366 a=0.10912906161761134
; at: a=4.85 p=2.94
; value: 1.7109821884611187
; gradient: p=-0.3125554376119868 a=0.11999312507558706
; at: a=5.2 p=2.97
; value: 1.7421219955648397
; gradient: p=-0.32560891157480465 a=0.11280246863413537
; at: a=4.95 p=3.15
; value: 1.661535354813709
; gradient: p=-0.26781949474822436 a=0.10655990391663502
(define (f x) (- (expt x p) a))
(define f1 (derivative f))
(define f2 (derivative f1))
(define (halley x)
  (let ((y (f x)) (d (f1 x)) (dd (f2 x)))
    (- x (/ (* 2 y d) (- (* 2 d d) (* y dd))))))
(halley (halley 1.5))
