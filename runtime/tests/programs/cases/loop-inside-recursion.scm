; at: x=0.6
; value: 0.29317001109774277
; gradient: x=-0.7479986167107997
(define (mean n) (let sum ((i 0) (s 0)) (if (= i n) (/ s n) (sum (+ i 1) (+ s (exp (* -1 x i)))))))
(define (tree n) (if (< n 2) x (* (mean n) (+ (tree (- n 1)) (tree (- n 2))))))
(tree 8)
