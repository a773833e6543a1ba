; at: a=0.4 b=12.0
; value: 3.1200000000000006
; gradient: a=15.600000000000001 b=0.0
; at: a=0.408 b=12.0
; value: 3.2460479999999996
; gradient: a=15.911999999999999 b=0.0
; at: a=0.388 b=12.0
; value: 2.935608
; gradient: a=15.132 b=0.0
; at: a=0.416 b=12.0
; value: 3.374592
; gradient: a=16.224 b=0.0
; at: a=0.396 b=12.0
; value: 3.0579120000000004
; gradient: a=15.444 b=0.0
; A list that is left where a sum is large enough, by steps that a number chooses.
(define (walk l s)
  (cond ((null? l) (* s a))
        ((> s b) (+ s (square (car l))))
        (else (walk (if (and (> s 1) (pair? (cdr l))) (cddr l) (cdr l)) (+ s (* a (car l)))))))
(walk '(0.5 1.25 -0.75 3 2.5 4 8 1 -2 6.5 7) 0)
