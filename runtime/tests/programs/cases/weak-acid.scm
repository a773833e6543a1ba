; at: Ka=0.018 C=0.1
; value: 1.4428874934827207
; gradient: Ka=-8.776149662517497 C=-2.3691900140448117
; at: Ka=0.01836 C=0.102
; value: 1.4350540044348286
; gradient: Ka=-8.630740500938977 C=-2.331366057564613
; at: Ka=0.01746 C=0.098
; value: 1.4524662800122572
; gradient: Ka=-9.023615323990084 C=-2.404367720555431
; at: Ka=0.01872 C=0.099
; value: 1.4390941248246854
; gradient: Ka=-8.398014550632986 C=-2.406081431681239
; at: Ka=0.01782 C=0.105
; value: 1.4329218993935664
; gradient: Ka=-8.965151128375158 C=-2.2574607030541425
(define (charge h) (- h (/ (* Ka C) (+ Ka h)) (/ 1e-4 h)))
(define (regula-falsi f a b n)
  (let* ((fa (f a)) (fb (f b)) (c (/ (- (* a fb) (* b fa)) (- fb fa))))
    (if (= n 0) c (if (> (* (f c) fa) 0) (regula-falsi f c b (- n 1)) (regula-falsi f a c (- n 1))))))
(/ (- (log (regula-falsi charge 0.01 0.2 8))) (log 10))
