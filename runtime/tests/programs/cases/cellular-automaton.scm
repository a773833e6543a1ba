; at: alive=1.2 dead=0.1
; value: 26.4875
; gradient: alive=20.5 dead=18.875
; at: alive=1.224 dead=0.102
; value: 27.01725
; gradient: alive=20.5 dead=18.875
; at: alive=1.164 dead=0.098
; value: 25.71175
; gradient: alive=20.5 dead=18.875
; at: alive=1.248 dead=0.099
; value: 27.452625
; gradient: alive=20.5 dead=18.875
; at: alive=1.188 dead=0.105
; value: 26.335874999999998
; gradient: alive=20.5 dead=18.875
(define (rule l c r) (if (eq? l r) c (not c)))
(define (neighbours left cells)
  (if (null? cells)
      '()
      (cons (rule left (car cells) (if (null? (cdr cells)) #f (cadr cells)))
            (neighbours (car cells) (cdr cells)))))
(define (weight cells) (apply + (map (lambda (c k) (* k (if c alive dead))) cells (iota (length cells) 1))))
(let generations ((n 0) (cells '(#f #f #t #f #t #t)) (total 0))
  (if (= n 4) total (generations (+ n 1) (neighbours #f cells) (+ (* 0.5 total) (weight cells)))))
