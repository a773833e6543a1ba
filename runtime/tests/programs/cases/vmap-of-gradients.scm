; at: a=0.9 b=1.6
; value: 5.8065071568583555
; gradient: a=3.495944023993564 b=1.5386154646975696
; at: a=0.918 b=1.632
; value: 5.9163895425690685
; gradient: a=3.4997613476763223 b=1.3929592048461275
; at: a=0.873 b=1.568
; value: 5.660713254855714
; gradient: a=3.488038639903921 b=1.6798661254873473
; at: a=0.936 b=1.584
; value: 5.907874940047151
; gradient: a=3.526994684291688 b=1.5915645245425312
; at: a=0.891 b=1.68
; value: 5.8838624464414195
; gradient: a=3.4715947246454015 b=1.168091980503476
(define (energy p) (+ (* a (square (ref p 0))) (sin (* b (ref p 1)))))
(define forces ((vmap (grad energy)) (mat [1 0] [0.5 1] [-1 2])))
(+ (ref forces 0 1) (* 2 (ref forces 1 0)) (norm (ref forces 2)))
