; at: a=0.3 b=0.2
; value: 0.39967400000000003
; gradient: a=1.0921800000000002 b=3.0486
(define A (mat [a 1] [b 0.5]))
(let power ((i 1) (m A)) (if (= i 6) (trace m) (power (+ i 1) (matmul m A))))
