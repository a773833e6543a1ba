; at: a=0.7 rate=0.05
; value: 0.3763289479249165
; gradient: a=-0.32052093484292304 rate=1.3750894549217256
(define (chain n w) (if (= n 0) w (tanh (+ a (* w (chain (- n 1) w))))))
(define (loss w) (square (- (chain 5 w) 0.9)))
(let descend ((i 0) (w 0.3)) (if (= i 12) w (descend (+ i 1) (- w (* rate ((grad loss) w))))))
