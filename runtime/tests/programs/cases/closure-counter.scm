; at: k=0.4
; value: 2.7315840000000002
; gradient: k=8.46016
(define (make n) (if (= n 0) (lambda (x) x) (let ((inner (make (- n 1)))) (lambda (x) (inner (+ (* k x) n))))))
((make 6) 1.5)
