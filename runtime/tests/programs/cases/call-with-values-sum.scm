; at: a=0.6 b=1.9
; value: 0.9119999999999999
; gradient: a=1.1552 b=0.1152
(call-with-values (lambda () (values (* a b) (+ a b) 2)) (lambda (p s k) (/ (* k p) s)))
