; at: alpha=0.35 s0=0.5
; value: 5.2909658671874995
; gradient: alpha=6.533680937500001 s0=0.07541889062500001
; at: alpha=0.357 s0=0.51
; value: 5.336766751742264
; gradient: alpha=6.344550015732643 s0=0.07067500331715786
; at: alpha=0.3395 s0=0.49
; value: 5.220056870205126
; gradient: alpha=6.823997961522138 s0=0.08303036206054848
; at: alpha=0.364 s0=0.495
; value: 5.379561903300257
; gradient: alpha=6.176410637609954 s0=0.06618242770141594
; at: alpha=0.3465 s0=0.525
; value: 5.269882707777465
; gradient: alpha=6.608853761082858 s0=0.0778885379049463
(define (ema xs s) (if (null? xs) s (ema (cdr xs) (+ (* alpha (car xs)) (* (- 1 alpha) s))))) (ema '(1 4 2 8 5 7) s0)
