; at: service=0.7 arrival=0.9
; value: 2.8
; gradient: arrival=4.0 service=1.0
; at: service=0.714 arrival=0.918
; value: 2.886
; gradient: arrival=4.0 service=1.0
; at: service=0.679 arrival=0.882
; value: 2.707
; gradient: arrival=4.0 service=1.0
; at: service=0.728 arrival=0.891
; value: 2.792
; gradient: arrival=4.0 service=1.0
; at: service=0.693 arrival=0.945
; value: 2.973
; gradient: arrival=4.0 service=1.0
(define empty (cons '() '()))
(define (push q x) (cons (car q) (cons x (cdr q))))
(define (settle q) (if (null? (car q)) (cons (reverse (cdr q)) '()) q))
(define (peek q) (caar (settle q)))
(define (pop q) (let ((q (settle q))) (cons (cdar q) (cdr q))))
(define full (fold (lambda (k q) (push q (* arrival k))) empty '(1 2 3 4)))
(let serve ((q (push (pop full) 1.5)) (n 4) (clock 0) (waited 0))
  (if (= n 0)
      waited
      (let ((start (max clock (peek q))))
        (serve (pop q) (- n 1) (+ start service) (+ waited (* n (- start (peek q))))))))
