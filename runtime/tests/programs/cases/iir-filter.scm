; at: a1=0.6 a2=-0.2 b0=0.9
; value: 2.762064
; gradient: b0=3.06896 a1=0.5075999999999998 a2=1.3896
(define (iir l y1 y2) (if (null? l) y1 (iir (cdr l) (+ (* b0 (car l)) (* a1 y1) (* a2 y2)) y1)))
(iir '(1 0 2 -1 0.5 3) 0 0)
