; at: h0=0.5 h1=0.3 h2=0.2
(define signal '(1 -2 3 0.5 4 -1))
(define (fir l x1 x2 acc)
  (if (null? l) acc
      (let ((y (+ (* h0 (car l)) (* h1 x1) (* h2 x2)))) (fir (cdr l) (car l) x1 (+ acc (* y y))))))
(fir signal 0 0 0)
