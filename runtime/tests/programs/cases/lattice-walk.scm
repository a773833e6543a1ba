; at: east=0.4 north=0.6
; value: 0.17240576000000002
; gradient: east=1.3054720000000002 north=0.2956288000000001
; at: east=0.408 north=0.612
; value: 0.18702550027770723
; gradient: east=1.4126321798056218 north=0.33056034118509675
; at: east=0.388 north=0.588
; value: 0.15423469721355984
; gradient: east=1.1780325929086553 north=0.2527334211248955
; at: east=0.416 north=0.594
; value: 0.1922636046016773
; gradient: east=1.4177673019430586 north=0.34556227004201634
; at: east=0.396 north=0.63
; value: 0.17602102237090905
; gradient: east=1.3692816285023464 north=0.3018944129287478
(define (paths x y)
  (cond ((and (= x 0) (= y 0)) 1)
        ((= x y) 0.5)
        (else (+ (if (> x 0) (* east (paths (- x 1) y)) 0)
                 (if (> y 0) (* north (paths x (- y 1))) 0)))))
(paths 5 3)
