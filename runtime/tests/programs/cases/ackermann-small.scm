; at: x=1.3
; value: 15.21
; gradient: x=23.400000000000002
; at: x=1.326
; value: 15.824484000000002
; gradient: x=23.868000000000002
; at: x=1.261
; value: 14.311088999999997
; gradient: x=22.697999999999997
; at: x=1.352
; value: 16.451136
; gradient: x=24.336000000000002
; at: x=1.287
; value: 14.907320999999998
; gradient: x=23.165999999999997
(define (ack m n)
  (cond ((= m 0) (+ n 1))
        ((= n 0) (ack (- m 1) 1))
        (else (ack (- m 1) (ack m (- n 1))))))
(* x x (ack 2 3))
