; at: a=1.1 b=2.2
; value: 4.9225
; gradient: a=4.75 b=1.1
; at: a=1.122 b=2.244
; value: 5.0764890000000005
; gradient: a=4.805000000000001 b=1.122
; at: a=1.067 b=2.156
; value: 4.71907425
; gradient: a=4.6895 b=1.067
; at: a=1.144 b=2.178
; value: 5.106815999999999
; gradient: a=4.75 b=1.144
; at: a=1.089 b=2.31
; value: 4.99007025
; gradient: a=4.8545 b=1.089
(define (weighted w . xs) (if (null? xs) 0 (+ (* w (car xs)) (apply weighted (* 0.5 w) (cdr xs)))))
(weighted a b 3 a 4)
