; at: x=0.8
; value: 4.842247637839633
; gradient: x=6.308184837592945
; at: x=0.816
; value: 4.944144303031767
; gradient: x=6.429024874970583
; at: x=0.776
; value: 4.693012765855262
; gradient: x=6.128333658564965
; at: x=0.832
; value: 5.047980516003364
; gradient: x=6.5506303215734585
; at: x=0.792
; value: 4.792022831205009
; gradient: x=6.248048087436252
(fold + 0 (map (lambda (df) (df x)) (map grad (list sin exp (lambda (v) (* v v v))))))
