; at: a=0.4 b=2.5
; value: 13.5
; gradient: a=15.0 b=5.4
(define adders (map (lambda (k) (lambda (x) (+ x (* a k)))) (list 1 2 3)))
(fold + 0 (map (lambda (f) (* b (f 1))) adders))
