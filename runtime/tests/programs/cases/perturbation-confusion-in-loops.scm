; at: c=1.2 x0=0.7
; value: 31.49182114856959
; gradient: c=81.38696965324796 x0=184.50883533209594
(define (inner x) (lambda (y) (let loop ((i 0) (s y)) (if (= i 3) s (loop (+ i 1) (+ (* c x s) y))))))
((grad (lambda (x) (let loop ((i 0) (s x)) (if (= i 2) (* x s) (loop (+ i 1) (* s ((grad (inner x)) 1))))))) x0)
