; at: theta=0.6 n2=1.33
; value: 1.8152645345739673
; gradient: n2=-0.35745680820783216 theta=3.7210158366227053
; at: theta=0.612 n2=1.357
; value: 1.8505457685297875
; gradient: n2=-0.34926909458233124 theta=3.749675545828325
; at: theta=0.582 n2=1.303
; value: 1.758437535213559
; gradient: n2=-0.36063507455847116 theta=3.6710572918669504
; at: theta=0.624 n2=1.317
; value: 1.9107830701555781
; gradient: n2=-0.3879346643622676 theta=3.8369624406351535
; at: theta=0.594 n2=1.397
; value: 1.7708125556177068
; gradient: n2=-0.3116290884048369 theta=3.6445612356122554
(define layers `((1 2.0) (,n2 0.5) (1.5 0.1) (,(+ n2 0.1) 0.4)))
(define invariant (sin theta))
(apply + (map (lambda (layer)
                (let ((bent (asin (/ invariant (car layer)))))
                  (* (cadr layer) (tan bent))))
              layers))
