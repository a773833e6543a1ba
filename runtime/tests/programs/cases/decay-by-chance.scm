; at: rate=0.3 gain=1.7
; value: 0.9490793374933295
; gradient: gain=0.5582819632313702 rate=-1.9054250657074625
; at: rate=0.306 gain=1.734
; value: 0.9564618819785955
; gradient: gain=0.5515927808411738 rate=-1.9228461983679772
; at: rate=0.291 gain=1.666
; value: 0.9470390273693023
; gradient: gain=0.5684507967402775 rate=-1.8974822049749427
; at: rate=0.312 gain=1.683
; value: 0.9171926661478644
; gradient: gain=0.5449748461959979 rate=-1.8464005768980691
; at: rate=0.297 gain=1.785
; value: 1.0025514653035854
; gradient: gain=0.5616534819627931 rate=-2.0114193458316687
; A linear congruential generator moves the noise; the rate moves what it acts on.
(define (next seed) (modulo (+ (* 16807 seed) 12345) 2147483647))
(define (uniform seed) (/ seed 2147483647))
(let step ((n 0) (seed 42) (x 1))
  (if (= n 10)
      (* gain x)
      (let ((seed (next seed)))
        (step (+ n 1) seed (- x (* rate x (+ 0.5 (uniform seed)) 0.2))))))
