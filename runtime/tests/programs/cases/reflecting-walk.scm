; at: s=0.37 x0=0.2
; value: 0.3300000000000001
; gradient: x0=-1.0 s=-31.0
; at: s=0.3774 x0=0.204
; value: 0.0965999999999996
; gradient: x0=-1.0 s=-31.0
; at: s=0.3589 x0=0.196
; value: 1.3218999999999999
; gradient: x0=1.0 s=31.0
; at: s=0.3848 x0=0.198
; value: -0.12679999999999925
; gradient: x0=-1.0 s=-31.0
; at: s=0.3663 x0=0.21
; value: 0.43469999999999953
; gradient: x0=-1.0 s=-31.0
(define (walk i x v)
  (if (= i 30) (+ x v)
      (let ((x (+ x v)))
        (cond ((> x 1) (walk (+ i 1) (- 2 x) (- v)))
              ((< x 0) (walk (+ i 1) (- x) (- v)))
              (else (walk (+ i 1) x v))))))
(walk 0 x0 s)
