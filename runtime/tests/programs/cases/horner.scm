; at: a=1.2 b=-0.7 c=0.3 x=1.9
; value: 1.6389000000000005
; gradient: a=1.0 b=1.9 c=3.61 x=-5.3359999999999985
(define (horner cs v) (if (null? cs) 0 (+ (car cs) (* v (horner (cdr cs) v)))))
(horner (list a b c 2 -1) x)
