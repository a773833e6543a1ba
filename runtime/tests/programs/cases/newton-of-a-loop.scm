; at: a=1.3 b=0.4
; value: 1.0758794803150662
; gradient: a=0.8389594050776454 b=-0.466425369160645
(define (f x) (let grow ((i 0) (y x)) (if (= i 5) (- y a) (grow (+ i 1) (+ y (* 0.1 (sin (* b y))))))))
(let newton ((n 0) (x 1)) (if (= n 6) x (newton (+ n 1) (- x (/ (f x) ((grad f) x))))))
