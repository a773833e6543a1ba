; at: x=0.4 r=0.9
; value: 6.232497971080054
; gradient: r=7.13080746946258 x=6.839762456701742
(define (red n v) (if (= n 0) v (green (- n 1) (* v r))))
(define (green n v) (if (= n 0) (* 2 v) (amber (- n 1) (+ v x))))
(define (amber n v) (if (= n 0) (* 3 v) (red (- n 1) (sin v))))
(+ (red 10 1) (green 11 2) (amber 12 3))
