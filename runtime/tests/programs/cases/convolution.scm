; at: g=0.6 h=1.5
; value: 8.19
; gradient: g=0.7999999999999999 h=1.8599999999999999
; at: g=0.612 h=1.53
; value: 8.25605232
; gradient: g=0.87272 h=1.874544
; at: g=0.582 h=1.47
; value: 8.12092428
; gradient: g=0.7110799999999998 h=1.838724
; at: g=0.624 h=1.485
; value: 8.18172336
; gradient: g=0.8532800000000001 h=1.889376
; at: g=0.594 h=1.575
; value: 8.3242167
; gradient: g=0.8710999999999999 h=1.852836
(define (scale-list k l) (map (lambda (x) (* k x)) l))
(define (add-lists a b)
  (cond ((null? a) b) ((null? b) a) (else (cons (+ (car a) (car b)) (add-lists (cdr a) (cdr b))))))
(define (convolve a b)
  (if (null? a) '() (add-lists (scale-list (car a) b) (cons 0 (convolve (cdr a) b)))))
(define out (convolve (list g 1 h) (list 1 (- g) (* g h) 0.5)))
(+ (last out) (list-ref out 2) (length out))
