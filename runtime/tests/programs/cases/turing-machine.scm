; at: one=1.3 zero=0.4
; value: 1.375
; gradient: one=0.75 zero=1.0
; at: one=1.326 zero=0.408
; value: 1.4025
; gradient: one=0.75 zero=1.0
; at: one=1.261 zero=0.392
; value: 1.33775
; gradient: one=0.75 zero=1.0
; at: one=1.352 zero=0.396
; value: 1.4100000000000001
; gradient: one=0.75 zero=1.0
; at: one=1.287 zero=0.42
; value: 1.3852499999999999
; gradient: one=0.75 zero=1.0
; A binary counter: the tape is two lists about the head.
(define (run state left right steps)
  (let ((here (if (null? right) 'blank (car right))) (rest (if (null? right) '() (cdr right))))
    (cond ((= steps 0) (weigh (append (reverse left) right)))
          ((eq? state 'carry)
           (if (eq? here 'I)
               (run 'carry (cons 'O left) rest (- steps 1))
               (run 'back left (cons 'I rest) (- steps 1))))
          ((null? left) (run 'carry left right (- steps 1)))
          (else (run 'back (cdr left) (cons (car left) right) (- steps 1))))))
(define (weigh tape)
  (fold-right (lambda (cell sum) (+ (case cell ((I) one) ((O) zero) (else 0)) (* 0.5 sum))) 0 tape))
(run 'carry '() '() 23)
