; at: r=0.6
; value: 2.4580096
; gradient: r=5.585152
; at: r=0.612
; value: 2.52659954013192
; gradient: r=5.84884732805326
; at: r=0.582
; value: 2.360851964440064
; gradient: r=5.215084152944363
; at: r=0.624
; value: 2.5984396150487896
; gradient: r=6.12696348991239
; at: r=0.594
; value: 2.424880375549846
; gradient: r=5.458486353114515
(define (from n) (cons n (lambda () (from (* n r)))))
(define (take-sum s n) (if (= n 0) 0 (+ (car s) (take-sum ((cdr s)) (- n 1)))))
(take-sum (from 1) 8)
