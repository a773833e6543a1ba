; at: r=3.3 x0=0.21
; value: 0.8236121444549902
; gradient: r=0.20953180125713408 x0=0.0004996764173703941
(define (iter n x) (if (= n 0) x (iter (- n 1) (* r x (- 1 x))))) (iter 12 x0)
