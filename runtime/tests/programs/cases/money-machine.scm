; at: price=1.25 tip=0.2
; value: 2.1325313250000004
; gradient: tip=3.117051 price=1.2072969000000002
; at: price=1.275 tip=0.204
; value: 2.1751819515
; gradient: tip=3.117051 price=1.2072969000000002
; at: price=1.212 tip=0.196
; value: 2.0741858388
; gradient: tip=3.117051 price=1.2072969000000002
; at: price=1.3 tip=0.198
; value: 2.1866620680000004
; gradient: tip=3.117051 price=1.2072969000000002
; at: price=1.238 tip=0.21
; value: 2.1492142722
; gradient: tip=3.117051 price=1.2072969000000002
(define (machine state)
  (lambda (event)
    (case state
      ((idle) (if (eq? event 'coin) (cons tip (machine 'paid)) (cons 0 (machine 'idle))))
      ((paid) (case event
                ((push) (cons price (machine 'idle)))
                ((coin) (cons (* 2 tip) (machine 'paid)))
                (else (cons (- tip) (machine 'idle))))))))
(let run ((m (machine 'idle)) (events '(push coin coin push coin refund coin push)) (discount 1))
  (if (null? events)
      0
      (let ((out (m (car events)))) (+ (* discount (car out)) (run (cdr out) (cdr events) (* 0.9 discount))))))
