; at: a=0.4 b=2.5
; value: 13.5
; gradient: a=15.0 b=5.4
; at: a=0.408 b=2.55
; value: 13.892399999999999
; gradient: a=15.299999999999999 b=5.4479999999999995
; at: a=0.388 b=2.45
; value: 13.053600000000001
; gradient: a=14.700000000000001 b=5.328
; at: a=0.416 b=2.475
; value: 13.6026
; gradient: a=14.850000000000001 b=5.4959999999999996
; at: a=0.396 b=2.625
; value: 14.112
; gradient: a=15.75 b=5.376
(define adders (map (lambda (k) (lambda (x) (+ x (* a k)))) (list 1 2 3)))
(fold + 0 (map (lambda (f) (* b (f 1))) adders))
