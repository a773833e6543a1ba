; at: sigma=0.6 k=1.1
; value: 0.040391473649762186
; gradient: sigma=0.0694425787381048 k=-0.225
; at: sigma=0.612 k=1.122
; value: 0.0362764140687854
; gradient: sigma=0.06971436598588018 k=-0.225
; at: sigma=0.582 k=1.078
; value: 0.04450589848832118
; gradient: sigma=0.06552073076449243 k=-0.3
; at: sigma=0.624 k=1.089
; value: 0.04453962344298753
; gradient: sigma=0.06998740562573191 k=-0.225
; at: sigma=0.594 k=1.155
; value: 0.02760022461060728
; gradient: sigma=0.06930715284395939 k=-0.225
(define (random-stream seed)
  (let ((next (modulo (* 48271 seed) 2147483647)))
    (cons (/ next 2147483647) (lambda () (random-stream next)))))
(define (expected f stream n)
  (let draw ((s stream) (i 0) (total 0))
    (if (= i n) (/ total n) (draw ((cdr s)) (+ i 1) (+ total (f (car s)))))))
(expected (lambda (u) (max 0 (- (exp (* sigma (- u 0.5))) (* 0.9 k)))) (random-stream 7001) 12)
