; at: y=0.05 coupon=4.0
; value: 4.619094664108627
; gradient: coupon=-0.07795295910363935 y=-1.0163806698734577
; at: y=0.051 coupon=4.08
; value: 4.611849053568102
; gradient: coupon=-0.0775666387305067 y=-1.0332779694275076
; at: y=0.0485 coupon=3.92
; value: 4.626853646518284
; gradient: coupon=-0.07825113938034038 y=-0.9980297196285511
; at: y=0.052 coupon=3.96
; value: 4.620194628184858
; gradient: coupon=-0.0785960892136127 y=-1.0145990030158434
; at: y=0.0495 coupon=4.2
; value: 4.6041695998142
; gradient: coupon=-0.07647161560776664 y=-1.0501060306080172
(define times (iota 5 1))
(define (cash t) (if (= t 5) (+ coupon 100) coupon))
(define (present t) (* (cash t) (exp (- (* y t)))))
(let-values (((price weighted)
              (let sum ((ts times) (p 0) (w 0))
                (if (null? ts)
                    (values p w)
                    (let ((v (present (car ts))))
                      (sum (cdr ts) (+ p v) (+ w (* (car ts) v))))))))
  (/ weighted price))
