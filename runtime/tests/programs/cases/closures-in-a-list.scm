; at: a=1.3 x=0.6
(define fs (list (lambda (v) (* a v)) sin (lambda (v) (+ v a)) exp))
(fold (lambda (f v) (f v)) x fs)
