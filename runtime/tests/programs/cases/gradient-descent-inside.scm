; at: lr=0.1 c=1.7
; value: 1.2624761685709855
; gradient: c=0.5327407735888803 lr=1.0840426440292639
(define (f v) (+ (square (- v c)) (* 0.1 v v v v)))
(let descend ((i 0) (v 0)) (if (= i 10) v (descend (+ i 1) (- v (* lr ((grad f) v))))))
