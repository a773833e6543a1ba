; at: x=0.9
; value: 108.41656097506979
; gradient: x=1538.970482279148
(define (steps n k acc)
  (if (= n 1) acc
      (steps (if (even? n) (/ n 2) (+ 1 (* 3 n))) (+ k 1) (+ acc (* (expt x k) (sqrt n))))))
(steps 27 0 0)
