; at: a=0.6 b=1.2
((grad (lambda (x) ((grad (lambda (y) (* a (sin (* x y)) (exp (* b y))))) x))) 0.4)
