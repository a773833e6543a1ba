; at: a=0.6 t=0.4
; value: 1.3054026338887406
; gradient: a=2.6142594497599463 t=-0.9546075721175588
(+ (soft-if (> a t) (* 2 a) (- t) 0.3) (soft-choice (a t 1) (list 0.1 a t) 0.8))
