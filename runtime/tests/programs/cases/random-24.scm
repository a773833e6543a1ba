; at: a=0.7 b=-0.4 c=1.3
; value: 0.9452587683710014
; gradient: a=-0.052000000000000005 b=0.091 c=-0.028
(+ (* 0.1 a b c) (let loop1 ((i2 0) (s3 (if (>= c a) a a))) (if (= i2 1) s3 (loop1 (+ i2 1) (tanh (exp (cos (* -1.9 (tanh 0.3)))))))))
