; at: dilution=0.3 mu=0.6 k=0.4
; value: 0.04684364033883447
; gradient: dilution=0.03156153489673532 mu=0.09946570206172531 k=-0.03700015806832218
; at: dilution=0.306 mu=0.612 k=0.408
; value: 0.047930287483180324
; gradient: dilution=0.029411374953711412 mu=0.10124324242886881 k=-0.038137872494443066
; at: dilution=0.291 mu=0.588 k=0.388
; value: 0.04579664652645122
; gradient: dilution=0.03548208363008393 mu=0.09784522810982209 k=-0.03609609248621814
; at: dilution=0.312 mu=0.594 k=0.416
; value: 0.046008763053838206
; gradient: dilution=0.024228867171591728 mu=0.09752250758732235 k=-0.03524788643031744
; at: dilution=0.297 mu=0.63 k=0.396
; value: 0.049967916888010805
; gradient: dilution=0.03701787201398708 mu=0.10524867865467159 k=-0.041491305699848435
(define (monod mu k) (lambda (s) (/ (* mu s) (+ k s))))
(let feed ((n 0) (s 1) (x 0.1))
  (if (= n 15)
      (* dilution x)
      (let ((growth (* ((monod mu k) s) x)))
        (feed (+ n 1) (+ s (* 0.2 (- (* dilution (- 2 s)) (* 2 growth)))) (+ x (* 0.2 (- growth (* dilution x))))))))
