; at: m1=-1.0 m2=1.5
; value: 1.5674097927988553
; gradient: m1=-0.010287676443727826 m2=0.06315878325953696
; at: m1=-1.02 m2=1.53
; value: 1.5694527097237934
; gradient: m1=-0.008168267937063392 m2=0.0607803099024029
; at: m1=-0.97 m2=1.47
; value: 1.5651193607998708
; gradient: m1=-0.01327036125531051 m2=0.0660703872441797
; at: m1=-1.04 m2=1.485
; value: 1.5668344688956475
; gradient: m1=-0.008218343374980296 m2=0.06286939782840127
; at: m1=-0.99 m2=1.575
; value: 1.571892940622658
; gradient: m1=-0.008799883953722058 m2=0.05897666863840467
(define xs '(-1.2 -0.8 0.1 1.1 1.9))
(define (responsibility x a b) (sigmoid (* 0.5 (- (square (- x b)) (square (- x a))))))
(define (mean-weighted ws) (/ (apply + (map * ws xs)) (apply + ws)))
(define (em n a b)
  (if (= n 0)
      (- b a)
      (let ((ws (map (lambda (x) (responsibility x a b)) xs)))
        (em (- n 1) (mean-weighted ws) (mean-weighted (map (lambda (w) (- 1 w)) ws))))))
(em 3 m1 m2)
