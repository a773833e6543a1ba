; at: a=1.1 b=0.7
; value: 3.67
; gradient: a=2.7 b=2.1
; at: a=1.122 b=0.714
; value: 3.7591080000000003
; gradient: a=2.714 b=2.122
; at: a=1.067 b=0.686
; value: 3.551962
; gradient: a=2.686 b=2.067
; at: a=1.144 b=0.693
; value: 3.773792
; gradient: a=2.693 b=2.144
; at: a=1.089 b=0.735
; value: 3.713415
; gradient: a=2.735 b=2.089
(define (transposed l) (apply map list l))
(define m (transposed (list (list a b 1) (list 2 a b))))
(fold + 0 (map (lambda (row) (* (car row) (cadr row))) m))
