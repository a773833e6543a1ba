; at: s1=0.2 s2=0.3 rho=0.4
; value: 0.19203658188086928
; gradient: s1=0.772830146593742 rho=0.04906858073611062 s2=0.12490184187373615
; at: s1=0.204 s2=0.306 rho=0.408
; value: 0.19627450318418188
; gradient: s1=0.7778720656361661 rho=0.04924412761954997 s2=0.12283856795556873
; at: s1=0.194 s2=0.294 rho=0.388
; value: 0.1860738027945423
; gradient: s1=0.7727992174517618 rho=0.047982086668248713 s2=0.12296175037040993
; at: s1=0.208 s2=0.297 rho=0.416
; value: 0.19852187250196313
; gradient: s1=0.7450696310857858 rho=0.053286477933445445 s2=0.14662420618222116
; at: s1=0.198 s2=0.315 rho=0.396
; value: 0.19193932154874443
; gradient: s1=0.8114531306485686 rho=0.0443162122800145 s2=0.09927492596929476
(define cov (mat [(square s1) (* rho s1 s2)] [(* rho s1 s2) (square s2)]))
(define (solve-2 A b)
  (let ((det-A (- (* (ref A 0 0) (ref A 1 1)) (* (ref A 0 1) (ref A 1 0)))))
    (scale (/ 1 det-A)
           (vec (- (* (ref b 0) (ref A 1 1)) (* (ref A 0 1) (ref b 1)))
                (- (* (ref A 0 0) (ref b 1)) (* (ref b 0) (ref A 1 0)))))))
(define raw (solve-2 cov [1 1]))
(define weights (scale (/ 1 (vsum raw)) raw))
(sqrt (dot weights (matvec cov weights)))
