; truth: up=0.9 down=0.35
; x: 1 2 3 4 5 6 7 8
(lambda (up down x)
  (define (rise n y) (if (= n 0) y (fall (- n 1) (+ y up))))
  (define (fall n y) (if (= n 0) y (rise (- n 1) (* y down))))
  (rise x 1))
