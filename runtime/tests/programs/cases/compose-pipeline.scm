; at: a=1.2 b=0.5
((compose (lambda (x) (* a x)) sin (lambda (x) (+ x b))) 0.8)
