; at: a=0.7 b=1.3
; value: 3.340137319910781
; gradient: a=-8.40352875429383 b=-8.076439120980167
; at: a=0.714 b=1.326
; value: 2.994629700443925
; gradient: a=-9.744664599466768 b=-8.704203036103317
; at: a=0.679 b=1.274
; value: 3.696989929306746
; gradient: a=-6.728942786050302 b=-7.133870739376446
; at: a=0.728 b=1.287
; value: 3.204157270886056
; gradient: a=-9.14541885108675 b=-8.812839735526751
; at: a=0.693 b=1.365
; value: 2.8695305083564002
; gradient: a=-9.977069538236597 b=-8.331064662792603
(define (wave k) (lambda (t . phase) (sin (apply + (* k k t) phase))))
(define (twice k) (lambda (x) (lambda (y) (list (* k k x y) k))))
(define slope (derivative wave))
(+ ((slope a) b) ((slope b) a 1) (car ((((derivative twice) a) b) 3)) (((derivative (derivative wave)) b) a))
