; truth: gain=1.6 leak=0.25
; x: 0 1 2 3 4 5 6
(define (account balance)
  (lambda (message amount)
    (case message
      ((deposit) (account (+ balance amount)))
      ((decay) (account (* balance (- 1 amount))))
      (else balance))))
(lambda (gain leak x)
  (let loop ((i 0) (a (account 1)))
    (if (= i x) (a 'balance 0) (loop (+ i 1) ((a 'deposit gain) 'decay leak)))))
