; at: a=0.5
; value: 2.3987695550331805
; gradient: a=4.02864394837178
(define (twice f) (lambda (x) (f (f x))))
(+ (((twice twice) (lambda (x) (+ (* a x) 1))) 1) ((twice sin) a))
