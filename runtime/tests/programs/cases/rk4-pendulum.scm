; at: g=9.81 l=1.4 c=0.3
; value: -0.9293631545529631
; gradient: g=0.06790865870969812 l=-0.4758456728158133 c=0.4823755056790552
(define (rhs th om) (- (- (* (/ g l) (sin th))) (* c om)))
(define (rk th om h n)
  (if (= n 0) (+ th om)
      (let* ((k1t om) (k1o (rhs th om))
             (k2t (+ om (* 0.5 h k1o))) (k2o (rhs (+ th (* 0.5 h k1t)) (+ om (* 0.5 h k1o))))
             (k3t (+ om (* 0.5 h k2o))) (k3o (rhs (+ th (* 0.5 h k2t)) (+ om (* 0.5 h k2o))))
             (k4t (+ om (* h k3o))) (k4o (rhs (+ th (* h k3t)) (+ om (* h k3o)))))
        (rk (+ th (* (/ h 6) (+ k1t (* 2 k2t) (* 2 k3t) k4t)))
            (+ om (* (/ h 6) (+ k1o (* 2 k2o) (* 2 k3o) k4o))) h (- n 1)))))
(rk 0.5 0 0.02 50)
