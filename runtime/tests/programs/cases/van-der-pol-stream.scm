; at: mu=0.8 x0=1.5
; value: 2.2136385602211575
; gradient: mu=-0.46825607256116547 x0=0.749805555074749
; at: mu=0.816 x0=1.53
; value: 2.227316156815884
; gradient: mu=-0.5389436540981232 x0=0.7025548198511058
; at: mu=0.776 x0=1.47
; value: 2.200242060439283
; gradient: mu=-0.3891954352716215 x0=0.8330625473318973
; at: mu=0.832 x0=1.485
; value: 2.1885319188608716
; gradient: mu=-0.43185538874000456 x0=0.6778706781882495
; at: mu=0.792 x0=1.575
; value: 2.274277182965693
; gradient: mu=-0.6402083277395352 x0=0.7567268466838148
(define (states x v)
  (cons (list x v)
        (lambda () (states (+ x (* 0.1 v)) (+ v (* 0.1 (- (* mu v (- 1 (* x x))) x)))))))
(define (stream-ref s n) (if (= n 0) (car s) (stream-ref ((cdr s)) (- n 1))))
(define (stream-map f s) (cons (f (car s)) (lambda () (stream-map f ((cdr s))))))
(stream-ref (stream-map (lambda (s) (+ (square (car s)) (square (cadr s)))) (states x0 0)) 12)
