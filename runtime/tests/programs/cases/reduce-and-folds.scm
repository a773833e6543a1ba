; at: a=0.7 b=1.4
; value: 18.6
; gradient: a=0.0 b=-1.0
(+ (reduce max 0 (list a b 0.2)) (fold-left - 10 (list a b)) (fold-right - 10 (list a b)))
