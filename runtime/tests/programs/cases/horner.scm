; at: a=1.2 b=-0.7 c=0.3 x=1.9
(define (horner cs v) (if (null? cs) 0 (+ (car cs) (* v (horner (cdr cs) v)))))
(horner (list a b c 2 -1) x)
