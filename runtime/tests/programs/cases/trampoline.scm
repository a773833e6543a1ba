; at: x=0.9 r=1.05
; value: 1.2069402812500003
; gradient: r=6.701978125000001 x=2.4339065625000003
; at: x=0.918 r=1.071
; value: 1.4004410874082338
; gradient: r=7.390010975175789 x=2.6375988836343507
; at: x=0.873 r=1.029
; value: 1.0107257176266975
; gradient: r=5.984175732621563 x=2.2432048359161483
; at: x=0.936 r=1.04
; value: 1.2253811646464003
; gradient: r=6.797165260800001 x=2.3415169024000004
; at: x=0.891 r=1.103
; value: 1.569970116345757
; gradient: r=7.938074945514854 x=2.9745113441457427
(define (bounce t) (if (procedure? t) (bounce (t)) t))
(define (up n v) (if (= n 0) v (lambda () (down (- n 1) (* r v)))))
(define (down n v) (if (= n 0) (- v) (lambda () (up (- n 1) (- v 0.1)))))
(+ (bounce (up 10 x)) (bounce (down 7 x)))
