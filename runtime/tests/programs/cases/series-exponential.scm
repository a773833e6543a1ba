; at: c1=0.8 c2=-0.4 t=0.5
; value: 1.367002
; gradient: c1=0.6831166666666667 c2=0.34079166666666666 t=0.65122
; at: c1=0.816 c2=-0.408 t=0.51
; value: 1.3818730974445603
; gradient: c1=0.7042893657000555 c2=0.35835226515479324 t=0.6624786941640036
; at: c1=0.776 c2=-0.392 t=0.485
; value: 1.3440151925582486
; gradient: c1=0.6515565332467146 c2=0.31533444772742214 t=0.6283711580547371
; at: c1=0.832 c2=-0.396 t=0.52
; value: 1.4046077661815046
; gradient: c1=0.7298907505589343 c2=0.378663136514557 t=0.7062135871520224
; at: c1=0.792 c2=-0.42 t=0.495
; value: 1.351732958830141
; gradient: c1=0.6687100551354253 c2=0.33024551358122145 t=0.6099290267268092
; exp of a power series, coefficient by coefficient.
(define coefficients (list c1 c2 0.1 0 0 0))
(define (next known n)
  (let sum ((k 1) (cs coefficients) (known known) (total 0))
    (if (null? known) (/ total n) (sum (+ k 1) (cdr cs) (cdr known) (+ total (* k (car cs) (car known)))))))
(define (expand n known) (if (> n 5) known (expand (+ n 1) (cons (next known n) known))))
(fold-left (lambda (v c) (+ c (* t v))) 0 (expand 1 '(1)))
