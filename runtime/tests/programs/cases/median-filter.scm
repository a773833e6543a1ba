; at: a=0.9 b=2.1
; value: 15.752961000000003
; gradient: a=35.00658000000001 b=30.005640000000007
; at: a=0.918 b=2.142
; value: 17.74039267033144
; gradient: a=38.65009296368505 b=33.12865111173004
; at: a=0.873 b=2.058
; value: 13.67130489968136
; gradient: a=31.320286139018005 b=26.572021184997784
; at: a=0.936 b=2.079
; value: 16.367021571240123
; gradient: a=34.97226831461565 b=31.490180993246987
; at: a=0.891 b=2.205
; value: 18.76678088273128
; gradient: a=42.12520961331376 b=34.04404695280051
(define (median x y z) (- (+ x y z) (max x y z) (min x y z)))
(define (smooth l)
  (if (null? (cddr l))
      '()
      (cons (median (car l) (cadr l) (caddr l)) (smooth (cdr l)))))
(apply * (smooth (list 1 a 3 b 0.5 (* a b) 2)))
