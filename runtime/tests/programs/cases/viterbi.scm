; at: stay=0.8 hit=0.9
; value: -4.011240845224363
; gradient: stay=5.0 hit=-6.666666666666669
; at: stay=0.816 hit=0.918
; value: -4.071073392874944
; gradient: stay=4.901960784313726 hit=-8.927148095010368
; at: stay=0.776 hit=0.882
; value: -4.028171358638183
; gradient: stay=5.154639175257731 hit=-5.073215726968754
; at: stay=0.832 hit=0.891
; value: -3.7983313039306905
; gradient: stay=4.8076923076923075 hit=-5.807308559602139
; at: stay=0.792 hit=0.945
; value: -4.333103578850638
; gradient: stay=-7.090132090132092 hit=4.2328042328042335
(define (trans from to) (log (if (eq? from to) stay (- 1 stay))))
(define (emit state seen) (log (if (eq? state seen) hit (- 1 hit))))
(define states '(rain sun))
(define (best-into to scores seen)
  (+ (emit to seen)
     (apply max (map (lambda (from score) (+ score (trans from to))) states scores))))
(define (viterbi seen scores)
  (if (null? seen)
      (apply max scores)
      (viterbi (cdr seen) (map (lambda (to) (best-into to scores (car seen))) states))))
(viterbi '(rain rain sun rain) '(-0.5 -0.9))
