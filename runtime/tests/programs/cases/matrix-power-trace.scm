; at: a=0.3 b=0.2
(define A (mat [a 1] [b 0.5]))
(let power ((i 1) (m A)) (if (= i 6) (trace m) (power (+ i 1) (matmul m A))))
