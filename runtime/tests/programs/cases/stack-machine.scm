; at: a=2.1 b=0.4
; value: 19.150000000000002
; gradient: a=15.0 b=16.0
; at: a=2.142 b=0.408
; value: 19.915499999999998
; gradient: a=15.299999999999999 b=16.3
; at: a=2.037 b=0.392
; value: 18.092123
; gradient: a=14.574 b=15.574
; at: a=2.184 b=0.396
; value: 20.3652
; gradient: a=15.48 b=16.48
; at: a=2.079 b=0.42
; value: 19.155003000000004
; gradient: a=14.994000000000002 b=15.994000000000002
(define (run code stack)
  (if (null? code) (car stack)
      (let ((i (car code)))
        (run (cdr code)
             (cond ((eq? i 'add) (cons (+ (cadr stack) (car stack)) (cddr stack)))
                   ((eq? i 'mul) (cons (* (cadr stack) (car stack)) (cddr stack)))
                   ((eq? i 'dup) (cons (car stack) stack))
                   (else (cons i stack)))))))
(run (list a b 'add 'dup 'mul 3 'mul b 'add) '())
