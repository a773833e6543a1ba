; at: z=4.0 r=1.1 tilt=0.1
; value: 2.954680985424346
; gradient: z=1.0336575753117916 r=-1.0726811962025644 tilt=1.1354460673149547
; at: z=4.08 r=1.122 tilt=0.102
; value: 3.0161178196535103
; gradient: z=1.0351243379409194 r=-1.0759264520012843 tilt=1.1851021338846779
; at: z=3.88 r=1.078 tilt=0.097
; value: 2.851054145464877
; gradient: z=1.0311079271890091 r=-1.0664606790616677 tilt=1.0467289906284285
; at: z=4.16 r=1.089 tilt=0.104
; value: 3.1373104190509364
; gradient: z=1.0391319795005967 r=-1.088593770129978 tilt=1.3351005200052382
; at: z=3.96 r=1.155 tilt=0.099
; value: 2.8536194266030512
; gradient: z=1.0304904760673061 r=-1.062444033440243 tilt=1.0141374402645278
(define spheres (list (cons [0 0 z] r) (cons [0.5 0.2 6] 2) (cons [5 5 5] 1)))
(define ray (normalize [tilt 0 1]))
(define (hit sphere)
  (let* ((b (dot ray (car sphere)))
         (disc (- (square b) (- (dot (car sphere) (car sphere)) (square (cdr sphere))))))
    (and (> disc 0) (- b (sqrt disc)))))
(define (nearest spheres best)
  (cond ((null? spheres) best)
        ((hit (car spheres)) => (lambda (t) (nearest (cdr spheres) (min t best))))
        (else (nearest (cdr spheres) best))))
(nearest spheres 100)
