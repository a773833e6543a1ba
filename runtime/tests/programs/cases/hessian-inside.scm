; at: a=0.6 b=1.2
; value: 2.50873342475396
; gradient: a=4.181222374589933 b=2.5229618527427142
((grad (lambda (x) ((grad (lambda (y) (* a (sin (* x y)) (exp (* b y))))) x))) 0.4)
