; at: a=0.8
; value: 12.646346666666668
; gradient: a=21.648000000000003
(define (means l n s) (if (null? l) '() (let ((s (+ s (car l)))) (cons (/ s n) (means (cdr l) (+ n 1) s)))))
(fold (lambda (m acc) (+ (* a acc) m)) 0 (means '(1 4 2 8 5 7) 1 0))
