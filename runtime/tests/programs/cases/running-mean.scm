; at: a=0.8
; value: 12.646346666666668
; gradient: a=21.648000000000003
; at: a=0.816
; value: 12.998945553432575
; gradient: a=22.431198023679997
; at: a=0.776
; value: 12.140429813648042
; gradient: a=20.52119743488
; at: a=0.832
; value: 13.364285513831765
; gradient: a=23.24074201088
; at: a=0.792
; value: 12.474694605791234
; gradient: a=21.26607950848
(define (means l n s) (if (null? l) '() (let ((s (+ s (car l)))) (cons (/ s n) (means (cdr l) (+ n 1) s)))))
(fold (lambda (m acc) (+ (* a acc) m)) 0 (means '(1 4 2 8 5 7) 1 0))
