; at: low=19.0 high=21.0 loss=0.08
; value: 45.205947272746016
; gradient: low=-22.5 high=22.5 loss=-1.1064666689469094
; at: low=19.38 high=21.42 loss=0.0816
; value: 49.171938600297366
; gradient: low=-24.0 high=24.0 loss=-1.1090585764197713
; at: low=18.43 high=20.58 loss=0.0776
; value: 42.11471586295965
; gradient: low=-19.5 high=19.5 loss=-1.064193279253688
; at: low=19.76 high=20.79 loss=0.0832
; value: 23.37037938441064
; gradient: low=-22.5 high=22.5 loss=-1.092217674387687
; at: low=18.81 high=22.05 loss=0.0792
; value: 73.10533750493741
; gradient: low=-22.5 high=22.5 loss=-1.100595745222559
(define (next mode temperature)
  (cond ((< temperature low) 'heating)
        ((> temperature high) 'idle)
        (else mode)))
(let minute ((n 0) (mode 'heating) (temperature 18) (energy 0))
  (if (= n 25)
      (+ energy (* 0.01 temperature))
      (let* ((mode (next mode temperature)) (power (if (eq? mode 'heating) 1.5 0)))
        (minute (+ n 1) mode
                (+ temperature power (* loss (- 10 temperature)))
                (+ energy (* power (- high low)))))))
