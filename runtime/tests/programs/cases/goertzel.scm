; at: f=0.15 a=1.3
; value: 91.18101360968151
; gradient: f=-463.85129345071067 a=84.21865474251594
; at: f=0.153 a=1.326
; value: 91.71754998480503
; gradient: f=-636.4835506357476 a=83.94740275841264
; at: f=0.1455 a=1.274
; value: 90.50175103920822
; gradient: f=-209.13520441059876 a=84.36638793506876
; at: f=0.156 a=1.287
; value: 86.41708169405592
; gradient: f=-759.9724827242378 a=80.12231618497339
; at: f=0.1485 a=1.365
; value: 97.43150944782789
; gradient: f=-405.46295272784266 a=87.98265183729545
(define w (* 2 3.141592653589793 f))
(define samples (map (lambda (n) (+ (* a (cos (* 0.9 n))) (sin n))) (iota 10)))
(define (goertzel xs s1 s2)
  (if (null? xs)
      (- (+ (square s1) (square s2)) (* 2 (cos w) s1 s2))
      (goertzel (cdr xs) (+ (car xs) (* 2 (cos w) s1) (- s2)) s1)))
(goertzel samples 0 0)
