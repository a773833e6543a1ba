;; The log-likelihood of observations of a random walk, up to a constant, by the variances of its steps and of the
;; observations.
(define data (map (lambda (i) (* 0.0625 (- (modulo (* 37 i) 101) 50))) (iota 200)))

(lambda (q r)
  (let update ((data data) (x 0) (p 1) (likelihood 0))
    (if (null? data)
        likelihood
        (let* ((p (+ p q))
               (s (+ p r))
               (gain (/ p s))
               (e (- (car data) x)))
          (update (cdr data)
                  (+ x (* gain e))
                  (* (- 1 gain) p)
                  (- likelihood (* 0.5 (+ (log s) (/ (* e e) s)))))))))
