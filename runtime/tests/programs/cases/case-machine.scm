; at: x=0.7
; value: 1.6026991855471904
; gradient: x=2.364814517540684
; at: x=0.714
; value: 1.6348681112659034
; gradient: x=2.230116298373855
; at: x=0.679
; value: 1.5509904596939397
; gradient: x=2.5575951561430554
; at: x=0.728
; value: 1.665128912781478
; gradient: x=2.09251852817088
; at: x=0.693
; value: 1.5859147484950478
; gradient: x=2.430526683473669
(define (op k v) (case k ((0 3 6 9) (+ v x)) ((1 4 7) (* v x)) ((2 5 8) (sin v)) (else v)))
(let run ((k 0) (v 1)) (if (= k 12) v (run (+ k 1) (op k v))))
