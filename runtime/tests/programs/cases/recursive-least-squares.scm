; at: forget=0.95 trust=4.0 y=0.6
; value: 1.3558265181231965
; gradient: forget=-1.0315943021036915 y=0.2921467306026158 trust=0.0166954460550121
; at: forget=0.969 trust=4.08 y=0.612
; value: 1.341573416013495
; gradient: forget=-0.9740083028353055 y=0.2863487549218003 trust=0.01635096433752825
; at: forget=0.9215 trust=3.92 y=0.582
; value: 1.379874604328513
; gradient: forget=-1.1271598551477955 y=0.30120182515285976 trust=0.01694125128976055
; at: forget=0.988 trust=3.96 y=0.624
; value: 1.324918732190494
; gradient: forget=-0.9236661454325207 y=0.28028279224504515 trust=0.017564696926122697
; at: forget=0.9405 trust=4.2 y=0.594
; value: 1.3671731361127881
; gradient: forget=-1.0594164717318408 y=0.295556519098697 trust=0.015128206341166557
(define (fit xs ys w P)
  (if (null? xs)
      (+ (dot w (ones 2)) (vsum (diag P)))
      (let* ((x (car xs)) (u (matvec P x)) (k (scale (/ 1 (+ forget (dot x u))) u)) (e (- (car ys) (dot w x))))
        (fit (cdr xs) (cdr ys) (+ w (scale e k)) (scale (/ 1 forget) (- P (outer k u)))))))
(fit (list [1 0.5] [1 -1] [1 2] [1 1.5]) (list 0.9 0.1 1.4 y) (zeros 2) (+ (scale trust (eye 2)) (zeros 2 2)))
