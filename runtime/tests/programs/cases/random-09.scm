; at: a=0.7 b=-0.4 c=1.3
; value: 0.23109882862458736
; gradient: a=-0.052000000000000005 b=0.091 c=-0.991558185417193
(+ (* 0.1 a b c) ((compose (lambda (x1) (cos c)) (lambda (x2) (* 0.7 (tanh b)))) (exp (cos (if (< b b) (* -0.7 (tanh a)) (let ((v3 c)) v3))))))
