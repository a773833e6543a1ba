; at: x=1.1
; value: 3.452271214393104
; gradient: x=40.79956889737304
; at: x=1.122
; value: 4.465880933063699
; gradient: x=51.7437184757826
; at: x=1.067
; value: 2.3234720498853623
; gradient: x=28.308469211349305
; at: x=1.144
; value: 5.748285339136205
; gradient: x=65.32142430836598
; at: x=1.089
; value: 3.0294405677241216
; gradient: x=36.16412064317133
(define (power b n)
  (cond ((= n 0) 1)
        ((even? n) (let ((h (power b (quotient n 2)))) (* h h)))
        (else (* b (power b (- n 1))))))
(power x 13)
