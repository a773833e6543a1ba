; at: a=0.5 x=1.2
; value: 9.4972
; gradient: x=19.823999999999998 a=10.2
; at: a=0.51 x=1.224
; value: 10.089711453951999
; gradient: x=20.912539392 a=10.55088
; at: a=0.485 x=1.176
; value: 8.884637033151998
; gradient: x=18.714638207999997 a=9.824879999999999
; at: a=0.52 x=1.188
; value: 9.464478172671999
; gradient: x=19.591013376 a=10.17672
; at: a=0.495 x=1.26
; value: 10.70533252
; gradient: x=22.240008 a=10.908
(define (p+ p q)
  (cond ((null? p) q) ((null? q) p) (else (cons (+ (car p) (car q)) (p+ (cdr p) (cdr q))))))
(define (p* p q) (if (null? p) '() (p+ (map (lambda (c) (* (car p) c)) q) (cons 0 (p* (cdr p) q)))))
(define (after p q) (if (null? p) '() (p+ (list (car p)) (p* q (after (cdr p) q)))))
(define (at x) (lambda (p) (fold-right (lambda (c v) (+ c (* x v))) 0 p)))
((at x) (after (list 1 a 2) (list a 0 1)))
