; at: x=1.1
; value: 3.452271214393104
; gradient: x=40.79956889737304
(define (power b n)
  (cond ((= n 0) 1)
        ((even? n) (let ((h (power b (quotient n 2)))) (* h h)))
        (else (* b (power b (- n 1))))))
(power x 13)
