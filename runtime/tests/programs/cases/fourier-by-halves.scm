; at: a=0.8 b=-0.3
; value: 94.3324
; gradient: a=49.928000000000004 b=-45.024
; at: a=0.816 b=-0.306
; value: 95.416291278784
; gradient: a=51.262571584 b=-46.443208831999996
; at: a=0.776 b=-0.294
; value: 92.891421957568
; gradient: a=48.081188288 b=-43.286238336
; at: a=0.832 b=-0.297
; value: 95.824766979804
; gradient: a=51.892938312 b=-46.176891055999995
; at: a=0.792 b=-0.315
; value: 94.6175746927
; gradient: a=50.090954200000006 b=-46.35101576
(define (evens l) (if (null? l) l (cons (car l) (odds (cdr l)))))
(define (odds l) (if (null? l) l (evens (cdr l))))
(define (add z w) (cons (+ (car z) (car w)) (+ (cdr z) (cdr w))))
(define (sub z w) (cons (- (car z) (car w)) (- (cdr z) (cdr w))))
(define (turn z angle)
  (let ((c (cos angle)) (s (sin angle)))
    (cons (- (* c (car z)) (* s (cdr z))) (+ (* s (car z)) (* c (cdr z))))))
(define (fft l n)
  (if (= n 1)
      l
      (let* ((h (/ n 2))
             (e (fft (evens l) h))
             (o (map (lambda (z k) (turn z (/ (* -2 3.141592653589793 k) n))) (fft (odds l) h) (iota h))))
        (append (map add e o) (map sub e o)))))
(define spectrum (fft (map (lambda (x) (cons x 0)) (list a b 1 (* a b) 0.5 -1 (square b) 0.2)) 8))
(apply + (map (lambda (z k) (* k (+ (square (car z)) (square (cdr z))))) spectrum (iota 8)))
