; at: lr=0.1 c=1.7
(define (f v) (+ (square (- v c)) (* 0.1 v v v v)))
(let descend ((i 0) (v 0)) (if (= i 10) v (descend (+ i 1) (- v (* lr ((grad f) v))))))
