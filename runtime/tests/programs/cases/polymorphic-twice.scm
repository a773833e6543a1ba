; at: a=0.5
; value: 2.3987695550331805
; gradient: a=4.02864394837178
; at: a=0.51
; value: 2.4394198422830606
; gradient: a=4.1017025472472515
; at: a=0.485
; value: 2.3391424571636987
; gradient: a=3.922273104521693
; at: a=0.52
; value: 2.4808094331700925
; gradient: a=4.176509303650899
; at: a=0.495
; value: 2.378716219819756
; gradient: a=3.992761530672489
(define (twice f) (lambda (x) (f (f x))))
(+ (((twice twice) (lambda (x) (+ (* a x) 1))) 1) ((twice sin) a))
