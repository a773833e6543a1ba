; at: a=7.3
; value: 1.939877414580333
; gradient: a=0.0885788773780974
(define (f x) (- (* x x x) a))
(let step ((x 2) (n 0)) (if (= n 8) x (step (- x (/ (f x) ((grad f) x))) (+ n 1))))
