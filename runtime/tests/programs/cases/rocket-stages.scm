; at: isp=300.0 payload=1.2
; value: 9.325263772867082
; gradient: payload=-1.6809507286748666 isp=0.03108421257622361
; at: isp=306.0 payload=1.224
; value: 9.470970015039562
; gradient: payload=-1.6855093168385749 isp=0.03095088240209007
; at: isp=291.0 payload=1.176
; value: 9.08497931186812
; gradient: payload=-1.6590915679019183 isp=0.031219860178240962
; at: isp=312.0 payload=1.188
; value: 9.719343459662277
; gradient: payload=-1.763376095260657 isp=0.03115174185789191
; at: isp=297.0 payload=1.26
; value: 9.134255471384591
; gradient: payload=-1.5953150535763942 isp=0.03075506892722085
(define stages '((first (fuel . 40) (dry . 4)) (second (fuel . 10) (dry . 1)) (third (fuel . 2) (dry . 0.3))))
(define (field stage name) (cdr (assq name (cdr stage))))
(define (mass stage) (+ (field stage 'fuel) (field stage 'dry)))
(define (delta-v stages)
  (if (null? stages)
      0
      (let ((full (apply + payload (map mass stages))))
        (+ (* isp 9.81e-3 (log (/ full (- full (field (car stages) 'fuel)))))
           (delta-v (cdr stages))))))
(delta-v stages)
