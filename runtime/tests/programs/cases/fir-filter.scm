; at: h0=0.5 h1=0.3 h2=0.2
; value: 10.715
; gradient: h0=31.55 h1=7.85 h2=16.5
(define signal '(1 -2 3 0.5 4 -1))
(define (fir l x1 x2 acc)
  (if (null? l) acc
      (let ((y (+ (* h0 (car l)) (* h1 x1) (* h2 x2)))) (fir (cdr l) (car l) x1 (+ acc (* y y))))))
(fir signal 0 0 0)
