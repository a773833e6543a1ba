; at: a=1.3 b=0.4
; value: -0.7044794720825033
; gradient: a=-0.7512162874652998 b=-1.9378345966429806
; at: a=1.326 b=0.408
; value: -0.7381617723297448
; gradient: a=-0.6472162874652997 b=-1.9378345966429806
; at: a=1.261 b=0.392
; value: -0.6611945185465395
; gradient: a=-0.7493488775082022 b=-1.8660678924233045
; at: a=1.352 b=0.396
; value: -0.730383380644127
; gradient: a=-0.5432162874652996 b=-1.9378345966429806
; at: a=1.287 b=0.42
; value: -0.7331323522783139
; gradient: a=-0.8032162874653003 b=-1.9378345966429806
(define ratio (/ (- (sqrt 5) 1) 2))
(define (f x) (+ (square (- x a)) (* b (sin (* 3 x)))))
(define (search lo hi n)
  (let ((c (- hi (* ratio (- hi lo)))) (d (+ lo (* ratio (- hi lo)))))
    (cond ((= n 0) (+ (f c) (f d)))
          ((< (f c) (f d)) (search lo d (- n 1)))
          (else (search c hi (- n 1))))))
(search 0 3 8)
