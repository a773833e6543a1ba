; at: a=0.7 b=-0.4 c=1.3
; value: -0.3176421449183565
; gradient: a=-0.052000000000000005 b=-0.6164677443303478 c=-0.23892139110804875
(+ (* 0.1 a b c) (- ((grad (if (>= c a) cos cos)) (let loop1 ((i2 0) (s3 c)) (if (= i2 1) s3 (loop1 (+ i2 1) (tanh b))))) (if (not (>= b -0.4)) ((compose cos sin) (if (< -1.7 -1.3) -0.4 c)) (* (fold (lambda (x4 s5) (tanh s5)) c (list 0.1 -0.5)) (tanh (- c b))))))
