; at: depth=1.5 width=1.1 x0=0.4
; value: 1.0870040848603302
; gradient: depth=0.7805544275609483 width=0.35090764794022467 x0=-1.3841338142410786
; at: depth=1.53 width=1.122 x0=0.408
; value: 1.107159734394842
; gradient: depth=0.7724154186107463 width=0.37834145321418666 x0=-1.406301035944895
; at: depth=1.455 width=1.078 x0=0.388
; value: 1.0606531184779002
; gradient: depth=0.7854318541796939 width=0.33459157571973697 x0=-1.353067467353055
; at: depth=1.56 width=1.089 x0=0.416
; value: 1.1087475464818974
; gradient: depth=0.8064305552857546 width=0.26856965753724943 x0=-1.4207706648697704
; at: depth=1.485 width=1.155 x0=0.396
; value: 1.1035733162635433
; gradient: depth=0.7517277212755279 width=0.45313473834911244 x0=-1.3859982890264047
(define (potential x) (* depth (square (- (square (/ x width)) 1))))
(define force (compose - (derivative potential)))
(let swing ((n 0) (x x0) (v 0))
  (if (= n 15)
      (+ (potential x) (* 0.5 v v))
      (let* ((v (+ v (* 0.05 (force x)))) (x (+ x (* 0.05 v))))
        (swing (+ n 1) x v))))
