; at: beta=0.6 gamma=0.2 i0=0.02
; value: -9.528598139104046
; gradient: beta=17.118216359886627 gamma=-8.83187913296899 i0=246.96027878568546
; at: beta=0.612 gamma=0.204 i0=0.0204
; value: -9.292158811949593
; gradient: beta=12.876397925835326 gamma=-6.519942640199637 i0=189.2143699179639
; at: beta=0.582 gamma=0.196 i0=0.0194
; value: -10.030217028997358
; gradient: beta=23.807323125696925 gamma=-12.422260784747898 i0=339.55550107082223
; at: beta=0.624 gamma=0.198 i0=0.0208
; value: -9.083789699682558
; gradient: beta=6.935827121551013 gamma=-3.0974399178754473 i0=113.55306742449129
; at: beta=0.594 gamma=0.21 i0=0.0198
; value: -9.798206456629668
; gradient: beta=21.1842537708254 gamma=-11.1970506469971 i0=298.0129525332423
(define cases '(3 4 6 7 9))
(define (poisson-log k mean) (- (* k (log mean)) mean (lgamma (+ k 1))))
(define (walk s i cases total)
  (if (null? cases)
      total
      (let ((new (* beta s i)))
        (walk (- s new) (+ i new (- (* gamma i))) (cdr cases)
              (+ total (poisson-log (car cases) (* 200 new)))))))
(walk (- 1 i0) i0 cases 0)
