; truth: a=0.9 b=1.8
; x: -2 -1 0.5 1 1.5 2
(lambda (a b x) ((grad (lambda (y) (+ (* a (square y)) (sin (* b y))))) x))
