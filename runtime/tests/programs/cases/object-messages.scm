; at: m=1.2 v=0.9
; value: 0.7935
; gradient: m=0.37375 v=1.38
; at: m=1.224 v=0.918
; value: 0.8279117938823529
; gradient: m=0.391325475586313 v=1.423632
; at: m=1.164 v=0.882
; value: 0.756011561814433
; gradient: m=0.35574911871612286 v=1.3266479999999998
; at: m=1.248 v=0.891
; value: 0.7987394363076923
; gradient: m=0.3680481183431953 v=1.4119680000000001
; at: m=1.188 v=0.945
; value: 0.8518356378787878
; gradient: m=0.41462799841852865 v=1.4226599999999998
(define (body m v) (lambda (msg . args) (case msg ((energy) (* 0.5 m v v)) ((push) (body m (+ v (/ (car args) m)))) (else 0))))
(((body m v) 'push 0.3) 'energy)
