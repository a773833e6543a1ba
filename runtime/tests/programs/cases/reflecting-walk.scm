; at: s=0.37 x0=0.2
; value: 0.3300000000000001
; gradient: x0=-1.0 s=-31.0
(define (walk i x v)
  (if (= i 30) (+ x v)
      (let ((x (+ x v)))
        (cond ((> x 1) (walk (+ i 1) (- 2 x) (- v)))
              ((< x 0) (walk (+ i 1) (- x) (- v)))
              (else (walk (+ i 1) x v))))))
(walk 0 x0 s)
