; at: a=0.3 b=1.4
; value: 26.940624999999997
; gradient: a=6.53125 b=17.84375
(letrec ((f (lambda (n) (cond ((= n 0) a) ((= n 1) b) (else (+ (f (- n 1)) (* 0.5 (f (- n 2))))))))) (f 11))
