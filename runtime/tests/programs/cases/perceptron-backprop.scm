; at: w1=0.5 w2=-0.3 b=0.1
; value: 0.22649901586352555
; gradient: w1=0.031160113304373183 b=0.03895014163046648 w2=-0.09137795533560147
(define (net w) (let ((h (tanh (+ (* (car w) 0.8) (cadr w))))) (sigmoid (+ (* (caddr w) h) 0.2))))
(define (loss w) (square (- (net w) 1)))
(define g ((grad loss) (list w1 b w2)))
(loss (map (lambda (w d) (- w (* 0.5 d))) (list w1 b w2) g))
