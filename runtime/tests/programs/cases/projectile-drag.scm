; at: v0=20.0 elevation=0.8 c=0.05
; value: 17.52877956476827
; gradient: c=-187.983632012928 v0=0.8153764434335712 elevation=-6.866288517223089
; at: v0=20.4 elevation=0.816 c=0.051
; value: 17.5440499960908
; gradient: c=-186.78950894369706 v0=0.7642475170859333 elevation=-8.208834408884337
; at: v0=19.4 elevation=0.784 c=0.0485
; value: 17.4136689634554
; gradient: c=-183.1766620681228 v0=0.8486999876854018 elevation=-6.3474988501910685
; at: v0=20.8 elevation=0.792 c=0.052
; value: 17.8368441585138
; gradient: c=-191.8842028205852 v0=0.7696130038824976 elevation=-6.684252451817754
; at: v0=19.8 elevation=0.84 c=0.0495
; value: 17.148571010505524
; gradient: c=-183.98704967913474 v0=0.7968007513934006 elevation=-8.907148753261511
(define g 9.81)
(define dt 0.1)
(define (fly x y vx vy)
  (let* ((speed (sqrt (+ (square vx) (square vy))))
         (nx (+ x (* dt vx)))
         (ny (+ y (* dt vy))))
    (if (< ny 0)
        (+ x (* (- nx x) (/ y (- y ny))))
        (fly nx ny
             (- vx (* dt c speed vx))
             (- vy (* dt (+ g (* c speed vy))))))))
(fly 0 0 (* v0 (cos elevation)) (* v0 (sin elevation)))
