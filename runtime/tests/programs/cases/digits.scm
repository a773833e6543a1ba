; at: x=0.7 y=1.3
; value: 8.27807
; gradient: x=5.070499999999999 y=10.270000000000001
; at: x=0.714 y=1.326
; value: 8.621379180593825
; gradient: x=5.25684780808 y=10.578828000000001
; at: x=0.679 y=1.274
; value: 7.911366090699399
; gradient: x=4.803917018405 y=9.965228
; at: x=0.728 y=1.287
; value: 8.292780108306367
; gradient: x=5.45036720128 y=10.117106999999999
; at: x=0.693 y=1.365
; value: 8.935646579686694
; gradient: x=4.979942510004999 y=11.049675
(define (digits n base)
  (if (= n 0)
      '()
      (let-values (((q r) (floor/ n base))) (cons r (digits q base)))))
(define (radix digits at) (fold-right (lambda (d v) (+ d (* at v))) 0 digits))
(+ (radix (digits 46 2) x) (radix (digits 46 3) y))
