; at: m=1.2 v=0.9
(define (body m v) (lambda (msg . args) (case msg ((energy) (* 0.5 m v v)) ((push) (body m (+ v (/ (car args) m)))) (else 0))))
(((body m v) 'push 0.3) 'energy)
