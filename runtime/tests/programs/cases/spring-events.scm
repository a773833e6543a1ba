; at: k=3.1 d=0.2
(define (sim i x v) (if (or (= i 40) (< x -0.5)) (+ x (* 0.1 v) (/ i 100)) (sim (+ i 1) (+ x (* 0.05 v)) (- v (* 0.05 (+ (* k x) (* d v)))))))
(sim 0 1 0)
