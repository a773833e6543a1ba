; truth: a=1.2 b=-0.7 c=0.4 d=0.05
; x: -3 -2 -1 0 0.5 1 2 3
(lambda (a b c d x) (fold-right (lambda (k sum) (+ k (* x sum))) 0 (list a b c d)))
