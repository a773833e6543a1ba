; at: a=2.1 b=0.7 c=1.3
; value: 2.5062257747039687
; gradient: a=0.7480694689082564 b=0.8682431456192138 c=0.25193052927936954
(define A (mat [a b] [b c]))
(let it ((i 0) (v [1 1])) (if (= i 10) (dot v (matvec A v)) (it (+ i 1) (normalize (matvec A v)))))
