; at: k=0.01
; value: 201.0
; gradient: k=20100.0
; at: k=0.0102
; value: 205.02
; gradient: k=20100.0
; at: k=0.0097
; value: 194.97
; gradient: k=20100.0
; at: k=0.0104
; value: 209.04
; gradient: k=20100.0
; at: k=0.0099
; value: 198.99
; gradient: k=20100.0
(define (build n l) (if (= n 0) l (build (- n 1) (cons (* k n) l))))
(fold + 0 (build 200 '()))
