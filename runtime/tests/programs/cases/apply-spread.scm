; at: a=0.3 b=0.9
(apply + (* a b) (map * (list a b 1) (list b b a)))
