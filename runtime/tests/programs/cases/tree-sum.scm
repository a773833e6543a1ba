; at: a=0.4 b=1.5
; value: 17.65
; gradient: a=16.0 b=7.5
; at: a=0.408 b=1.53
; value: 18.003
; gradient: a=16.0 b=7.5
; at: a=0.388 b=1.47
; value: 17.233
; gradient: a=16.0 b=7.5
; at: a=0.416 b=1.485
; value: 17.7935
; gradient: a=16.0 b=7.5
; at: a=0.396 b=1.575
; value: 18.1485
; gradient: a=16.0 b=7.5
(define (tree n) (if (= n 0) a (list (tree (- n 1)) b (tree (- n 1)))))
(define (total t) (if (pair? t) (+ (total (car t)) (* 0.5 (cadr t)) (total (caddr t))) t))
(total (tree 4))
