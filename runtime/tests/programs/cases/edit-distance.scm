; at: gap=1.1 swap=1.6
; value: 3.3000000000000003
; gradient: swap=0.0 gap=3.0
; at: gap=1.122 swap=1.6
; value: 3.3660000000000005
; gradient: swap=0.0 gap=3.0
; at: gap=1.067 swap=1.6
; value: 3.2009999999999996
; gradient: swap=0.0 gap=3.0
; at: gap=1.144 swap=1.6
; value: 3.4319999999999995
; gradient: swap=0.0 gap=3.0
; at: gap=1.089 swap=1.6
; value: 3.267
; gradient: swap=0.0 gap=3.0
(define (cost x y) (if (char=? x y) 0 swap))
(define (distance a b)
  (cond ((null? a) (* gap (length b)))
        ((null? b) (* gap (length a)))
        (else (min (+ (cost (car a) (car b)) (distance (cdr a) (cdr b)))
                   (+ gap (distance (cdr a) b))
                   (+ gap (distance a (cdr b)))))))
(distance (string->list "torn") (string->list "stone"))
