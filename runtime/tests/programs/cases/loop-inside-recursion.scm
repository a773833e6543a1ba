; at: x=0.6
; value: 0.29317001109774277
; gradient: x=-0.7479986167107997
; at: x=0.612
; value: 0.2844075445945181
; gradient: x=-0.7127436680934358
; at: x=0.582
; value: 0.3071375977705152
; gradient: x=-0.8047575092568946
; at: x=0.624
; value: 0.27605644567797605
; gradient: x=-0.6794182613825999
; at: x=0.594
; value: 0.2977129057974149
; gradient: x=-0.7663861520728444
(define (mean n) (let sum ((i 0) (s 0)) (if (= i n) (/ s n) (sum (+ i 1) (+ s (exp (* -1 x i)))))))
(define (tree n) (if (< n 2) x (* (mean n) (+ (tree (- n 1)) (tree (- n 2))))))
(tree 8)
