; at: w=1.3 x0=1 v0=0.2
; value: -1.0683041700409082
; gradient: w=3.295903089605577 x0=-0.852748861322541 v0=-1.0777765435918363
(define dt 0.05)
(define (acc x) (- (* w w x)))
(let step ((i 0) (x x0) (v v0))
  (if (= i 50) (+ x v)
      (let* ((vh (+ v (* (/ dt 2) (acc x)))) (x1 (+ x (* dt vh))) (v1 (+ vh (* (/ dt 2) (acc x1)))))
        (step (+ i 1) x1 v1))))
