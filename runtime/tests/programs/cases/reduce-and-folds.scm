; at: a=0.7 b=1.4
; value: 18.6
; gradient: a=0.0 b=-1.0
; at: a=0.7 b=1.428
; value: 18.572
; gradient: a=0.0 b=-1.0
; at: a=0.7 b=1.372
; value: 18.628
; gradient: a=0.0 b=-1.0
; at: a=0.7 b=1.386
; value: 18.614
; gradient: a=0.0 b=-1.0
; at: a=0.7 b=1.47
; value: 18.53
; gradient: a=0.0 b=-1.0
(+ (reduce max 0 (list a b 0.2)) (fold-left - 10 (list a b)) (fold-right - 10 (list a b)))
