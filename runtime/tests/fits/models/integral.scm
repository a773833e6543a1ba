; truth: a=2 b=1.3
; x: 0.3 0.8 1.2 1.7 2.2 3
(define (simpson f from to n)
  (let ((h (/ (- to from) n)))
    (define (weight i) (cond ((or (= i 0) (= i n)) 1) ((odd? i) 4) (else 2)))
    (* h 1/3 (let sum ((i 0) (s 0)) (if (> i n) s (sum (+ i 1) (+ s (* (weight i) (f (+ from (* i h)))))))))))
(lambda (a b x) (simpson (lambda (t) (* a (sin (* b t)))) 0 x 16))
