; at: x=0.8
; value: 4.842247637839633
; gradient: x=6.308184837592945
(fold + 0 (map (lambda (df) (df x)) (map grad (list sin exp (lambda (v) (* v v v))))))
