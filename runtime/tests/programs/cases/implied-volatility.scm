; at: price=10.0 spot=100.0
; value: 0.2513226937101481
; gradient: spot=-0.0025264974090795254 price=0.025264974090795252
; at: price=10.2 spot=102.0
; value: 0.25132269371014804
; gradient: spot=-0.002476958244195613 price=0.02476958244195613
; at: price=9.7 spot=98.0
; value: 0.2487448431916184
; gradient: spot=-0.0025513407108978614 price=0.025776431924535097
; at: price=10.4 spot=99.0
; value: 0.2640879860998575
; gradient: spot=-0.002683113103368219 price=0.025541172810909004
; at: price=9.9 spot=105.0
; value: 0.23689198443647336
; gradient: spot=-0.0022666944834491953 price=0.024040699066885402
(define (cdf x) (/ (+ 1 (erf (/ x (sqrt 2)))) 2))
(define (call sigma) (let ((d (/ sigma 2))) (* spot (- (cdf d) (cdf (- d))))))
(define (improve sigma) (- sigma (/ (- (call sigma) price) ((grad call) sigma))))
(improve (improve (improve 0.3)))
