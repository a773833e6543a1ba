; at: w=1.5 h=0.8
; value: 8.25
; gradient: w=5.8 h=2.5
(define area (case-lambda ((s) (* s s)) ((a b) (* a b)) ((a b . more) (apply + a b more))))
(+ (area w) (area w h) (area w h w 1))
