; at: x=1.1 y=0.7
; value: 5.7575152767
; gradient: x=11.908090885 y=12.875752175000002
; at: x=1.122 y=0.714
; value: 6.222769870091584
; gradient: x=13.044315778338792 y=14.440736904142561
; at: x=1.067 y=0.686
; value: 5.218034493266395
; gradient: x=10.673997540243542 y=11.073188231173104
; at: x=1.144 y=0.693
; value: 6.200923604373425
; gradient: x=12.601870926588472 y=14.503086318257662
; at: x=1.089 y=0.735
; value: 6.086758671344509
; gradient: x=13.180379669004413 y=13.821928649877636
(define (female n) (if (= n 0) 1 (- n (male (female (- n 1))))))
(define (male n) (if (= n 0) 0 (- n (female (male (- n 1))))))
(let sum ((n 0) (total 0))
  (if (> n 8) total (sum (+ n 1) (+ total (* (expt x (female n)) (expt y (male n)))))))
