; at: a=0.4 b=1.3
; value: 0.35000000000000003
; gradient: a=-0.19999999999999996 b=0.6000000000000001
; at: a=0.408 b=1.326
; value: 0.36474000000000006
; gradient: a=-0.18400000000000005 b=0.6520000000000001
; at: a=0.388 b=1.274
; value: 0.33762000000000003
; gradient: a=-0.22399999999999998 b=0.548
; at: a=0.416 b=1.287
; value: 0.339425
; gradient: a=-0.16800000000000004 b=0.5739999999999998
; at: a=0.396 b=1.365
; value: 0.394041
; gradient: a=-0.20799999999999996 b=0.73
(define xs (list 0 a 1 b))
(define ys '(0 0.5 1.5 1))
(define (row x ys above corner left)
  (if (null? ys)
      '()
      (let ((here (+ (square (- x (car ys))) (min corner (car above) left))))
        (cons here (row x (cdr ys) (cdr above) (car above) here)))))
(let rows ((xs (cdr xs)) (above '(0 0.25 2.5 3.5)))
  (if (null? xs) (last above) (rows (cdr xs) (row (car xs) ys above 99 99))))
