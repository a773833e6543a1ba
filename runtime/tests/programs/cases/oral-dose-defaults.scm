; at: dose=50.0 ka=1.1
; value: -2.3565016431882833
; gradient: dose=-0.047130032863765665 ka=0.9462367275482989
; at: dose=51.0 ka=1.122
; value: -2.3822526047609593
; gradient: dose=-0.04671083538746979 ka=0.9780286695663812
; at: dose=48.5 ka=1.078
; value: -2.3058452019588302
; gradient: dose=-0.04754320004038825 ka=0.9034722181373309
; at: dose=52.0 ka=1.089
; value: -2.461546436839585
; gradient: dose=-0.04733743147768433 ka=0.9766760785184999
; at: dose=49.5 ka=1.155
; value: -2.280601801592663
; gradient: dose=-0.046072763668538644 ka=0.964230570678045
(define concentration
  (case-lambda
    ((t) (concentration t 0.2))
    ((t ke) (concentration t ke 10))
    ((t ke volume)
     (* (/ (* dose ka) (* volume (- ka ke))) (- (exp (- (* ke t))) (exp (- (* ka t))))))))
(- (concentration 1) (concentration 2 0.25) (concentration 3 0.3 12))
