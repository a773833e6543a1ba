; at: damping=0.85 link=0.4
; value: 1.8819067255468749
; gradient: link=0.18930676940104166 damping=-0.10022609687500027
; at: damping=0.867 link=0.408
; value: 1.8817543331428166
; gradient: link=0.1937508464172914 damping=-0.09793104397703004
; at: damping=0.8245 link=0.392
; value: 1.8830039090521942
; gradient: link=0.183326280782654 damping=-0.10270603673256054
; at: damping=0.884 link=0.396
; value: 1.8777257491583919
; gradient: link=0.1968070297257434 damping=-0.1003975195947257
; at: damping=0.8415 link=0.42
; value: 1.8865232453652634
; gradient: link=0.18887529977576412 damping=-0.09614656379847573
(define M (mat [0 0.5 (- 1 link)] [1 0 link] [0 0.5 0]))
(do ((i 0 (+ i 1))
     (rank (scale 1/3 [1 1 1]) (+ (scale damping (matvec M rank)) (/ (- 1 damping) 3))))
    ((= i 6) (dot rank [1 2 3])))
