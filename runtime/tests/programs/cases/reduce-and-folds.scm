; at: a=0.7 b=1.4
(+ (reduce max 0 (list a b 0.2)) (fold-left - 10 (list a b)) (fold-right - 10 (list a b)))
