; at: a=1.7 b=-0.4
; value: 2.427561325415872
; gradient: a=-0.8956988575765575 b=-2.7957232058949115
; at: a=1.734 b=-0.408
; value: 2.419870625553243
; gradient: a=-0.8702262609461373 b=-2.786256402387107
; at: a=1.649 b=-0.392
; value: 2.4518187787062526
; gradient: a=-0.9327811031243872 b=-2.7950867889002593
; at: a=1.768 b=-0.396
; value: 2.356792741808466
; gradient: a=-0.8540156332290187 b=-2.839983408894873
; at: a=1.683 b=-0.42
; value: 2.4979415621333922
; gradient: a=-0.8954735588061463 b=-2.719017112976902
; Data as a list of lists, one of them twice in each step.
(define data (map (lambda (i) (list (/ i 64) (* 0.125 (modulo (* 29 i) 31)))) (iota 240)))
(define (loss l s)
  (if (pair? l) (loss (cdr l) (+ s (square (- (cadar l) (* a (exp (* b (caar l)))))))) s))
(/ (loss data 0) (length data))
