; at: a=7.3
; value: 1.939877414580333
; gradient: a=0.0885788773780974
; at: a=7.446
; value: 1.9527246592793215
; gradient: a=0.08741716623150333
; at: a=7.081
; value: 1.92028135344487
; gradient: a=0.09039595883090287
; at: a=7.592
; value: 1.965405044840437
; gradient: a=0.0862928101879363
; at: a=7.227
; value: 1.9333894817885136
; gradient: a=0.08917436842343589
(define (f x) (- (* x x x) a))
(let step ((x 2) (n 0)) (if (= n 8) x (step (- x (/ (f x) ((grad f) x))) (+ n 1))))
