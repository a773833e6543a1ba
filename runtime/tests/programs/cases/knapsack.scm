; at: v1=6.0 v2=10.0 v3=12.5
; value: 23.0
; gradient: v1=1.0 v2=1.0 v3=0.0
; at: v1=6.12 v2=10.2 v3=12.5
; value: 23.32
; gradient: v1=1.0 v2=1.0 v3=0.0
; at: v1=5.82 v2=9.8 v3=12.5
; value: 22.62
; gradient: v1=1.0 v2=1.0 v3=0.0
; at: v1=6.24 v2=9.9 v3=12.5
; value: 23.14
; gradient: v1=1.0 v2=1.0 v3=0.0
; at: v1=5.94 v2=10.5 v3=12.5
; value: 23.44
; gradient: v1=1.0 v2=1.0 v3=0.0
(define items (list (cons 1 v1) (cons 2 v2) (cons 3 v3) (cons 2 7)))
(define (best items room)
  (cond ((null? items) 0)
        ((> (caar items) room) (best (cdr items) room))
        (else (max (best (cdr items) room)
                   (+ (cdar items) (best (cdr items) (- room (caar items))))))))
(best items 5)
