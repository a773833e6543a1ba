; at: b0=0.4 a1=0.3 a2=-0.2
; value: 0.08513393890900002
; gradient: b0=0.8000951256000002 a1=0.12567011070000003 a2=-0.11431660640000002
; at: b0=0.408 a1=0.306 a2=-0.204
; value: 0.09303957426359791
; gradient: b0=0.8589948596519945 a1=0.13755040267530558 a2=-0.1270632360298588
; at: b0=0.388 a1=0.294 a2=-0.194
; value: 0.07467272698673191
; gradient: b0=0.7206332413284828 a1=0.11071340495566064 a2=-0.09775150706756418
; at: b0=0.416 a1=0.297 a2=-0.208
; value: 0.09935499155198928
; gradient: b0=0.9041139491531102 a1=0.14326240409236585 a2=-0.13693023002195012
; at: b0=0.396 a1=0.315 a2=-0.198
; value: 0.0836247822218224
; gradient: b0=0.7898030222173715 a1=0.1272100569138438 a2=-0.11225374898006395
(define (biquad y1 y2)
  (lambda (x) (let ((y (+ (* b0 x) (* a1 y1) (* a2 y2)))) (values y (biquad y y1)))))
(define (through first second xs sum)
  (if (null? xs)
      sum
      (let*-values (((y first) (first (car xs))) ((z second) (second y)))
        (through first second (cdr xs) (+ sum (* z z))))))
(through (biquad 0 0) (biquad 0.1 0) '(1 0 0 -1 0.5) 0)
