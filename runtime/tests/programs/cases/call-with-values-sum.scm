; at: a=0.6 b=1.9
(call-with-values (lambda () (values (* a b) (+ a b) 2)) (lambda (p s k) (/ (* k p) s)))
