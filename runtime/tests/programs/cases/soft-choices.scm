; at: a=0.6 t=0.4
(+ (soft-if (> a t) (* 2 a) (- t) 0.3) (soft-choice (a t 1) (list 0.1 a t) 0.8))
