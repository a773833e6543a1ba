; at: a=3.0 b=5.0 c=2.0
; value: 3.2
; gradient: a=1.0 b=0.0 c=0.05
; at: a=3.06 b=5.0 c=2.04
; value: 3.2640000000000002
; gradient: a=1.0 b=0.0 c=0.1
; at: a=2.91 b=5.0 c=1.94
; value: 3.1100000000000003
; gradient: a=1.0 b=0.0 c=0.0
; at: a=3.12 b=5.0 c=2.08
; value: 3.3280000000000003
; gradient: a=1.0 b=0.0 c=0.1
; at: a=2.97 b=5.0 c=1.98
; value: 3.1700000000000004
; gradient: a=1.0 b=0.0 c=0.0
(define game (list (list a 4 (list b 1)) (list 2 (list c 6)) (list 7 a 1)))
(define (mine g) (if (number? g) g (apply max (map yours g))))
(define (yours g) (if (number? g) g (apply min (map mine g))))
(+ (mine game) (* 0.1 (yours game)))
