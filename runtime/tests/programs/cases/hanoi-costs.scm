; at: ab=1.0 bc=1.5 ac=2.2
; value: 42.0
; gradient: ab=8.0 ac=10.0 bc=8.0
; at: ab=1.02 bc=1.53 ac=2.244
; value: 42.84
; gradient: ab=8.0 ac=10.0 bc=8.0
; at: ab=0.97 bc=1.47 ac=2.134
; value: 40.86
; gradient: ab=8.0 ac=10.0 bc=8.0
; at: ab=1.04 bc=1.485 ac=2.288
; value: 43.08
; gradient: ab=8.0 ac=10.0 bc=8.0
; at: ab=0.99 bc=1.575 ac=2.178
; value: 42.3
; gradient: ab=8.0 ac=10.0 bc=8.0
(define (price from to)
  (cond ((or (equal? (list from to) '(a b)) (equal? (list from to) '(b a))) ab)
        ((or (memq from '(a)) (memq to '(a))) ac)
        (else bc)))
(define (hanoi n from via to)
  (if (= n 0)
      0
      (+ (hanoi (- n 1) from to via) (* n (price from to)) (hanoi (- n 1) via from to))))
(hanoi 4 'a 'b 'c)
