; at: x=0.9
(define (steps n k acc)
  (if (= n 1) acc
      (steps (if (even? n) (/ n 2) (+ 1 (* 3 n))) (+ k 1) (+ acc (* (expt x k) (sqrt n))))))
(steps 27 0 0)
