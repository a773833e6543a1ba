;; An exponential moving average over a list.
(define data (map (lambda (i) (* 0.0625 (- (modulo (* 37 i) 101) 50))) (iota 200)))

(define (average data s)
  (if (null? data)
      s
      (average (cdr data) (+ (* alpha (car data)) (* (- 1 alpha) s)))))

(average data start)
