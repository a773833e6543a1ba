; at: a=0.3 b=0.9
; value: 1.65
; gradient: a=2.8 b=2.4
; at: a=0.306 b=0.918
; value: 1.7105400000000002
; gradient: a=2.8360000000000003 b=2.448
; at: a=0.291 b=0.882
; value: 1.5822479999999999
; gradient: a=2.7640000000000002 b=2.346
; at: a=0.312 b=0.891
; value: 1.661865
; gradient: a=2.782 b=2.406
; at: a=0.297 b=0.945
; value: 1.7513549999999998
; gradient: a=2.8899999999999997 b=2.484
(apply + (* a b) (map * (list a b 1) (list b b a)))
