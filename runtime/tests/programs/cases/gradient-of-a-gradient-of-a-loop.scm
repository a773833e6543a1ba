; at: a=0.9 x0=0.6
; value: 2.3125232342708113
; gradient: a=27.997064002385425 x0=0.5586402032567566
(define (f x) (let loop ((i 0) (p 1)) (if (= i 4) p (loop (+ i 1) (+ (* p x) (sin (* a p)))))))
(+ ((grad (grad f)) x0) ((hessian f) a))
