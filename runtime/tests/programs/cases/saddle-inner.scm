; at: a=0.3 b=0.9
; value: 3.51389568
; gradient: a=-1.2870144000000001 b=0.5709952
; at: a=0.306 b=0.918
; value: 3.516297065472
; gradient: a=-1.312754688 b=0.562415104
; at: a=0.291 b=0.882
; value: 3.514969233408
; gradient: a=-1.261274112 b=0.583865344
; at: a=0.312 b=0.891
; value: 3.493466992128
; gradient: a=-1.274144256 b=0.553835008
; at: a=0.297 b=0.945
; value: 3.54364455936
; gradient: a=-1.3513651199999999 b=0.575285248
(define (inner x) (let descend ((i 0) (y 0)) (if (= i 6) y (descend (+ i 1) (- y (* 0.2 ((grad (lambda (y) (+ (* y y) (* a x y)))) y)))))))
(+ b ((grad (lambda (x) (+ (* x x) (* b x (inner x))))) 1.5))
