; at: m=1.2 v=0.9
; value: 0.7935
; gradient: m=0.37375 v=1.38
(define (body m v) (lambda (msg . args) (case msg ((energy) (* 0.5 m v v)) ((push) (body m (+ v (/ (car args) m)))) (else 0))))
(((body m v) 'push 0.3) 'energy)
