; at: a=2.1 b=0.4
; value: 19.150000000000002
; gradient: a=15.0 b=16.0
(define (run code stack)
  (if (null? code) (car stack)
      (let ((i (car code)))
        (run (cdr code)
             (cond ((eq? i 'add) (cons (+ (cadr stack) (car stack)) (cddr stack)))
                   ((eq? i 'mul) (cons (* (cadr stack) (car stack)) (cddr stack)))
                   ((eq? i 'dup) (cons (car stack) stack))
                   (else (cons i stack)))))))
(run (list a b 'add 'dup 'mul 3 'mul b 'add) '())
