; at: gain=1.5 offset=0.2
; value: -0.1
; gradient: gain=-0.2 offset=1.0
; at: gain=1.53 offset=0.204
; value: -0.10200000000000004
; gradient: gain=-0.2 offset=1.0
; at: gain=1.455 offset=0.196
; value: -0.09500000000000003
; gradient: gain=-0.2 offset=1.0
; at: gain=1.56 offset=0.198
; value: -0.11400000000000002
; gradient: gain=-0.2 offset=1.0
; at: gain=1.485 offset=0.21
; value: -0.08700000000000005
; gradient: gain=-0.2 offset=1.0
(define (split chars word)
  (cond ((null? chars) (list (list->string (reverse word))))
        ((char=? (car chars) #\,) (cons (list->string (reverse word)) (split (cdr chars) '())))
        (else (split (cdr chars) (cons (car chars) word)))))
(define fields (split (string->list "1.5,x,-2,3e-1") '()))
(define numbers (filter (lambda (n) n) (map string->number fields)))
(+ (* gain (apply + numbers)) (* offset (string-length (number->string (length fields)))))
