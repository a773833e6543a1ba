; at: x=0.8 y=1.7
; value: 9.1
; gradient: x=6.6 y=4.6
; at: x=0.816 y=1.734
; value: 9.3636
; gradient: x=6.731999999999999 y=4.632
; at: x=0.776 y=1.666
; value: 8.787984
; gradient: x=6.436 y=4.552
; at: x=0.832 y=1.683
; value: 9.23396
; gradient: x=6.694 y=4.664
; at: x=0.792 y=1.785
; value: 9.436968
; gradient: x=6.7379999999999995 y=4.584
(define (expression tokens)
  (let more ((parsed (term tokens)))
    (if (and (pair? (cdr parsed)) (eq? (cadr parsed) 'plus))
        (let ((right (term (cddr parsed)))) (more (cons (+ (car parsed) (car right)) (cdr right))))
        parsed)))
(define (term tokens)
  (let ((left (factor tokens)))
    (if (and (pair? (cdr left)) (eq? (cadr left) 'times))
        (let ((right (term (cddr left)))) (cons (* (car left) (car right)) (cdr right)))
        left)))
(define (factor tokens)
  (cond ((eq? (car tokens) 'open) (let ((inside (expression (cdr tokens)))) (cons (car inside) (cddr inside))))
        ((eq? (car tokens) 'x) (cons x (cdr tokens)))
        ((eq? (car tokens) 'y) (cons y (cdr tokens)))
        (else tokens)))
(car (expression '(2 times x times open x plus y close plus y times 3)))
