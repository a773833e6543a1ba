; at: alpha=0.35 s0=0.5
; value: 5.2909658671874995
; gradient: alpha=6.533680937500001 s0=0.07541889062500001
(define (ema xs s) (if (null? xs) s (ema (cdr xs) (+ (* alpha (car xs)) (* (- 1 alpha) s))))) (ema '(1 4 2 8 5 7) s0)
