; at: a=0.3 b=0.9
; value: 1.65
; gradient: a=2.8 b=2.4
(apply + (* a b) (map * (list a b 1) (list b b a)))
