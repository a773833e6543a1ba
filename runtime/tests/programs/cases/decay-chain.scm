; at: k1=0.7 k2=0.3 k3=0.1
; value: 0.09610908818465083
; gradient: k1=0.10660892474637682 k2=0.2867153142621768 k3=-0.03528155149617112
; at: k1=0.714 k2=0.306 k3=0.102
; value: 0.09926412689774246
; gradient: k1=0.10735837097277999 k2=0.28960749977906913 k3=-0.036509887325954726
; at: k1=0.679 k2=0.294 k3=0.097
; value: 0.09227122311722323
; gradient: k1=0.10637691144826197 k2=0.28159951673838 k3=-0.033787097464501314
; at: k1=0.728 k2=0.297 k3=0.104
; value: 0.09803370956078966
; gradient: k1=0.10346829146181548 k2=0.295632684607084 k3=-0.03606217265810313
; at: k1=0.693 k2=0.315 k3=0.099
; value: 0.09964205162392693
; gradient: k1=0.1118880763990029 k2=0.2815298381809719 k3=-0.03662129607644973
; Three nuclides, each fed by the one before it.
(define rates (list k1 k2 k3))
(define (advance amounts rates inflow)
  (if (null? amounts)
      '()
      (let ((outflow (* (car rates) (car amounts))))
        (cons (+ (car amounts) (* 0.1 (- inflow outflow)))
              (advance (cdr amounts) (cdr rates) outflow)))))
(define (run n amounts)
  (if (zero? n) (caddr amounts) (run (- n 1) (advance amounts rates 0))))
(run 12 '(1 0 0))
