;; An exponential moving average over a list.
(define (ema alpha xs s)
  (if (null? xs)
      s
      (ema alpha (cdr xs) (+ (* alpha (car xs)) (* (- 1 alpha) s)))))

(lambda (alpha s0) (ema alpha (map (lambda (i) (* 0.5 i)) (iota 1000)) s0))
