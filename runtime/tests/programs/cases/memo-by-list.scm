; at: a=1.0 b=0.5
; value: 282.34332140000004
; gradient: a=150.70025790000003 b=263.286127
; at: a=1.02 b=0.51
; value: 287.99018782800005
; gradient: a=150.70025790000003 b=263.286127
; at: a=0.97 b=0.49
; value: 275.189452393
; gradient: a=150.70025790000003 b=263.286127
; at: a=1.04 b=0.495
; value: 287.054901081
; gradient: a=150.70025790000003 b=263.286127
; at: a=0.99 b=0.525
; value: 287.41847199600005
; gradient: a=150.70025790000003 b=263.286127
(define (fib n memo)
  (cond ((assv n memo) => (lambda (known) (cons (cdr known) memo)))
        ((< n 2) (cons (if (= n 0) a b) memo))
        (else
         (let* ((one (fib (- n 1) memo))
                (two (fib (- n 2) (cdr one)))
                (value (+ (car one) (* 0.9 (car two)))))
           (cons value (cons (cons n value) (cdr two)))))))
(car (fib 14 '()))
