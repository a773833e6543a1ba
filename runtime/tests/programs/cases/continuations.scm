; at: a=1.3 b=0.7
; value: 87.75877219183674
; gradient: b=9.799390594752186 a=161.4277344489796
; at: a=1.326 b=0.714
; value: 92.23119973608428
; gradient: b=11.210534541483621 a=171.40942011349918
; at: a=1.261 b=0.686
; value: 81.60781145758212
; gradient: b=8.190023358639158 a=147.77153670822423
; at: a=1.352 b=0.693
; value: 96.5719045628079
; gradient: b=11.230320916158608 a=180.68449237549072
; at: a=1.287 b=0.735
; value: 86.04384485832028
; gradient: b=10.745635377296784 a=157.85791913866848
(define (sum-to n k) (if (= n 0) (k b) (sum-to (- n 1) (lambda (s) (k (+ (* a s) n))))))
(define (safe-divide x y ok bad) (if (= y 0) (bad) (ok (/ x y))))
(+ (sum-to 6 (lambda (s) (* 2 s)))
   (safe-divide a b square (lambda () 0))
   (safe-divide a 0 square (lambda () (* 10 b))))
