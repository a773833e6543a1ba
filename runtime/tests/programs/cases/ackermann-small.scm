; at: x=1.3
; value: 15.21
; gradient: x=23.400000000000002
(define (ack m n)
  (cond ((= m 0) (+ n 1))
        ((= n 0) (ack (- m 1) 1))
        (else (ack (- m 1) (ack m (- n 1))))))
(* x x (ack 2 3))
