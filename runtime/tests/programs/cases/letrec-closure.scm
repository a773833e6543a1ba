; at: k=1.7
; value: 7.653800000000001
; gradient: k=3.6410000000000005
(letrec ((up (lambda (n) (if (= n 0) k (* 1.1 (down (- n 1))))))
         (down (lambda (n) (if (= n 0) 1 (+ k (up (- n 1)))))))
  (up 7))
