; at: h0=0.5 h1=0.3 h2=0.2
; value: 10.715
; gradient: h0=31.55 h1=7.85 h2=16.5
; at: h0=0.51 h1=0.306 h2=0.204
; value: 11.147886
; gradient: h0=32.181 h1=8.007 h2=16.83
; at: h0=0.485 h1=0.294 h2=0.194
; value: 10.104859249999999
; gradient: h0=30.5525 h1=7.795999999999999 h2=15.978
; at: h0=0.52 h1=0.297 h2=0.208
; value: 11.47369025
; gradient: h0=33.067 h1=7.256499999999999 h2=17.295
; at: h0=0.495 h1=0.315 h2=0.198
; value: 10.6514595
; gradient: h0=30.9285 h1=8.8605 h2=16.173000000000002
(define signal '(1 -2 3 0.5 4 -1))
(define (fir l x1 x2 acc)
  (if (null? l) acc
      (let ((y (+ (* h0 (car l)) (* h1 x1) (* h2 x2)))) (fir (cdr l) (car l) x1 (+ acc (* y y))))))
(fir signal 0 0 0)
