; at: a=1.0 b=0.4
; value: 1.4093545677960753
; gradient: a=0.7175521491318113 b=-0.18190575181444577
; at: a=1.02 b=0.408
; value: 1.42210692931572
; gradient: a=0.7114970692507979 b=-0.20244535169387645
; at: a=0.97 b=0.392
; value: 1.389055117779474
; gradient: a=0.7277394252261307 b=-0.16273666154138552
; at: a=1.04 b=0.396
; value: 1.438423991890686
; gradient: a=0.7017864362189951 b=-0.16142558751438055
; at: a=0.99 b=0.42
; value: 1.397871627277089
; gradient: a=0.725738016998784 b=-0.24388488262438157
(define (F v)
  (vec (- (+ (square (ref v 0)) (square (ref v 1))) a) (- (ref v 1) (* b (exp (ref v 0))))))
(define (cramer J r)
  (let ((a (ref J 0 0)) (b (ref J 0 1)) (c (ref J 1 0)) (d (ref J 1 1)))
    (/ (vec (- (* d (ref r 0)) (* b (ref r 1))) (- (* a (ref r 1)) (* c (ref r 0)))) (- (* a d) (* b c)))))
(define (newton v n) (if (= n 0) v (newton (- v (cramer ((jacobian F) v) (F v))) (- n 1))))
(vsum (newton [0.6 0.7] 3))
