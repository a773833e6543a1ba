; at: z=0.6 t=0.3
; value: 0.591609176064
; gradient: z=3.2449255679999998 t=-0.5839805030399999
; at: z=0.612 t=0.306
; value: 0.6279706311754725
; gradient: z=3.4307695453817337 t=-0.6444827896407832
; at: z=0.582 t=0.294
; value: 0.5389558559173869
; gradient: z=2.9704127835174883 t=-0.5004538957518995
; at: z=0.624 t=0.297
; value: 0.6769980258107332
; gradient: z=3.7199489793103724 t=-0.7236634140098971
; at: z=0.594 t=0.315
; value: 0.5642281421881514
; gradient: z=3.0670892105253706 t=-0.5432543485756928
; Ways to pay with coins, each coin weighted.
(define (pay amount coins)
  (cond ((= amount 0) 1)
        ((or (< amount 0) (null? coins)) 0)
        (else (+ (* z (pay (- amount (car coins)) coins)) (* (- 1 t) (pay amount (cdr coins)))))))
(pay 10 '(5 2 1))
