; at: q=0.5 r=1.5
; value: -343.7597356076889
; gradient: q=-10.221350600616528 r=74.50444711783763
; at: q=0.51 r=1.53
; value: -341.69193941432496
; gradient: q=-11.102927038938143 r=70.5043878998542
; at: q=0.485 r=1.47
; value: -345.9141270557541
; gradient: q=-9.396723626989095 r=78.98964845524611
; at: q=0.52 r=1.485
; value: -345.0785321452192
; gradient: q=-9.101522920594258 r=75.5843299524305
; at: q=0.495 r=1.575
; value: -338.4403428692178
; gradient: q=-13.137536927097596 r=65.98291430625696
; The log-likelihood of a random walk's observations, along a list too long to be unrolled.
(define data (map (lambda (i) (* 0.0625 (- (modulo (* 37 i) 101) 50))) (iota 240)))
(let update ((data data) (x 0) (p 1) (likelihood 0))
  (if (null? data)
      likelihood
      (let* ((p (+ p q)) (s (+ p r)) (gain (/ p s)) (e (- (car data) x)))
        (update (cdr data) (+ x (* gain e)) (* (- 1 gain) p) (- likelihood (* 0.5 (+ (log s) (/ (* e e) s))))))))
