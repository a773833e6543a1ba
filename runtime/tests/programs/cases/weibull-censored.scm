; at: shape=1.5 scale0=2.0
; value: -6.3599336607123975
; gradient: shape=-1.175740039407025 scale0=0.3041690147194456
; at: shape=1.53 scale0=2.04
; value: -6.384648559413447
; gradient: shape=-1.1971685155880962 scale0=0.2396609707521541
; at: shape=1.455 scale0=1.96
; value: -6.321268411149722
; gradient: shape=-1.1321425203319648 scale0=0.3587871802782125
; at: shape=1.56 scale0=1.98
; value: -6.440402379876916
; gradient: shape=-1.2764504615976398 scale0=0.38806077576134146
; at: shape=1.485 scale0=2.1
; value: -6.322352377567137
; gradient: shape=-1.1092865847441165 scale0=0.11338496813235753
(define (hazard t) (* (/ shape scale0) (expt (/ t scale0) (- shape 1))))
(define (cumulative t) (expt (/ t scale0) shape))
(define (contribution kind t)
  (case kind
    ((event) (- (log (hazard t)) (cumulative t)))
    ((right) (- (cumulative t)))
    ((left) (log (- 1 (exp (- (cumulative t))))))
    (else (error "unknown kind" kind))))
(fold-right (lambda (kind t total) (+ (contribution kind t) total)) 0
            '(event right left event) '(1.0 3.0 0.5 2.2))
