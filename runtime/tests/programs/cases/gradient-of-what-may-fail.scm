; at: a=0.8 b=2.5
; value: 4.020381621800289
; gradient: a=1.8868072347358589 b=0.5013336697281456
; at: a=0.816 b=2.55
; value: 4.075760921237364
; gradient: a=1.8897904489302384 b=0.5052865574602442
; at: a=0.776 b=2.45
; value: 3.9501458803642437
; gradient: a=1.8933633177394849 b=0.4935765047349785
; at: a=0.832 b=2.475
; value: 4.0672670236943
; gradient: a=1.83939377921897 b=0.5168026120398922
; at: a=0.792 b=2.625
; value: 4.067024438906017
; gradient: a=1.9506333888000138 b=0.49063243699049
(define (checked-root x) (if (< x 0) (error "no root of" x) (sqrt x)))
(define (f x) (let loop ((i 0) (s 0)) (if (= i 3) s (loop (+ i 1) (+ s (checked-root (+ x (* i a))))))))
(define (g x) (if (> x 9) (error "too far" x) (* x (checked-root (* a x)))))
(+ ((grad f) b) ((grad g) b) (cadr (jvp g b 0.5)))
