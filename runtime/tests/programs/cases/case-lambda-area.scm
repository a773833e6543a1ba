; at: w=1.5 h=0.8
; value: 8.25
; gradient: w=5.8 h=2.5
; at: w=1.53 h=0.816
; value: 8.46538
; gradient: w=5.876 h=2.5300000000000002
; at: w=1.455 h=0.784
; value: 7.951745000000001
; gradient: w=5.694 h=2.455
; at: w=1.56 h=0.792
; value: 8.58112
; gradient: w=5.912 h=2.56
; at: w=1.485 h=0.84
; value: 8.262625
; gradient: w=5.8100000000000005 h=2.4850000000000003
(define area (case-lambda ((s) (* s s)) ((a b) (* a b)) ((a b . more) (apply + a b more))))
(+ (area w) (area w h) (area w h w 1))
