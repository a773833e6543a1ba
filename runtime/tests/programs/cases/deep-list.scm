; at: k=0.01
; value: 201.0
; gradient: k=20100.0
(define (build n l) (if (= n 0) l (build (- n 1) (cons (* k n) l))))
(fold + 0 (build 200 '()))
