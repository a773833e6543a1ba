; at: k=1.7
; value: 7.653800000000001
; gradient: k=3.6410000000000005
; at: k=1.734
; value: 7.7775940000000015
; gradient: k=3.6410000000000005
; at: k=1.649
; value: 7.468109000000002
; gradient: k=3.6410000000000005
; at: k=1.768
; value: 7.901388000000002
; gradient: k=3.6410000000000005
; at: k=1.683
; value: 7.591903000000002
; gradient: k=3.6410000000000005
(letrec ((up (lambda (n) (if (= n 0) k (* 1.1 (down (- n 1))))))
         (down (lambda (n) (if (= n 0) 1 (+ k (up (- n 1)))))))
  (up 7))
