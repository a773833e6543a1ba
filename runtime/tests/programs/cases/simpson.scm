; at: a=0.8 b=1.7
; value: 0.2459489600203891
; gradient: a=0.18824853614157352 b=-0.4630562837539674
(define (f x) (* (exp (- (* a x))) (cos (* b x))))
(define (simpson lo hi n)
  (let ((h (/ (- hi lo) n)))
    (let sum ((i 0) (s 0))
      (if (> i n) (* (/ h 3) s)
          (sum (+ i 1) (+ s (* (cond ((or (= i 0) (= i n)) 1) ((odd? i) 4) (else 2)) (f (+ lo (* i h))))))))))
(simpson 0 2 10)
