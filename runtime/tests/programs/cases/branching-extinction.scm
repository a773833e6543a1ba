; at: r=1.8 k=0.5
; value: 0.6811148369821655
; gradient: r=-0.22843421189122756 k=-0.366016765443942
; at: r=1.836 k=0.51
; value: 0.669304836302495
; gradient: r=-0.22388988578266805 k=-0.36751543930509284
; at: r=1.746 k=0.49
; value: 0.6972944622292713
; gradient: r=-0.23642083893745341 k=-0.3595900661988409
; at: r=1.872 k=0.495
; value: 0.667059757365552
; gradient: r=-0.21431606800879122 k=-0.3847634169978026
; at: r=1.782 k=0.525
; value: 0.6763983595131866
; gradient: r=-0.23742121893581394 k=-0.3469310861949792
; The generating function of a negative binomial, iterated.
(define (offspring z) (expt (+ 1 (* (/ r k) (- 1 z))) (- k)))
(define (iterate f n) (if (= n 0) (lambda (z) z) (compose f (iterate f (- n 1)))))
((iterate offspring 8) 0)
