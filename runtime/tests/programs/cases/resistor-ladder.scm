; at: r=2.2 s=4.7
; value: 4.498766414738462
; gradient: s=0.324607297345221 r=1.3514145987345105
; at: r=2.244 s=4.794
; value: 4.588741743033231
; gradient: s=0.324607297345221 r=1.3514145987345105
; at: r=2.134 s=4.606
; value: 4.379026199399966
; gradient: s=0.3231740296985926 r=1.354492323621485
; at: r=2.288 s=4.653
; value: 4.601624095562431
; gradient: s=0.33158611796779286 r=1.336867958329673
; at: r=2.178 s=4.935
; value: 4.544155171316238
; gradient: s=0.31647746538993565 r=1.3693015976202503
(define (parallel . rs) (/ 1 (apply + (map / rs))))
(define (ladder rungs) (if (= rungs 0) s (+ r (parallel s (ladder (- rungs 1))))))
(ladder 5)
