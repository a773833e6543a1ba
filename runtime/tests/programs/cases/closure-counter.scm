; at: k=0.4
; value: 2.7315840000000002
; gradient: k=8.46016
; at: k=0.408
; value: 2.800366430932566
; gradient: k=8.73697422570291
; at: k=0.388
; value: 2.632472166217292
; gradient: k=8.061795245888513
; at: k=0.416
; value: 2.8714003540530952
; gradient: k=9.023076025565183
; at: k=0.396
; value: 2.698014115983776
; gradient: k=8.325155698678785
(define (make n) (if (= n 0) (lambda (x) x) (let ((inner (make (- n 1)))) (lambda (x) (inner (+ (* k x) n))))))
((make 6) 1.5)
