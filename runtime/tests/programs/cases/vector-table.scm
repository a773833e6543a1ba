; at: a=0.6 b=1.1
; value: 0.4177867989102781
; gradient: b=0.5048449218677674 a=-1.4061117333810047
; at: a=0.612 b=1.122
; value: 0.4119313514370165
; gradient: b=0.5025668148497664 a=-1.4156628330632188
; at: a=0.582 b=1.078
; value: 0.4317779479241985
; gradient: b=0.5102022260047613 a=-1.3873255543422376
; at: a=0.624 b=1.089
; value: 0.3785236425086443
; gradient: b=0.4961805745220263 a=-1.4050759412872982
; at: a=0.594 b=1.155
; value: 0.4541925855565239
; gradient: b=0.5102468406302524 a=-1.4221733594726564
; Items of a vector of literals, by a counter and by what another vector says.
(define weights #(0.5 1.5 -2 0.25 3))
(define order #(4 2 0 1 3))
(let sum ((i 0) (s b))
  (if (= i 5) s (sum (+ i 1) (+ (* a s) (* (vector-ref weights i) (tanh (* b (vector-ref weights (vector-ref order i)))))))))
