; at: temperature=0.8 q=0.4
; value: 0.4184072405064822
; gradient: temperature=0.5504523625995995 q=2.8822405592075038
; at: temperature=0.816 q=0.408
; value: 0.4495895893595459
; gradient: temperature=0.49876378633347196 q=2.816468339993312
; at: temperature=0.776 q=0.392
; value: 0.3809334805349668
; gradient: temperature=0.6190945169049367 q=2.982046915848007
; at: temperature=0.832 q=0.396
; value: 0.42425304246710194
; gradient: temperature=0.5213773642618089 q=2.7671441653356754
; at: temperature=0.792 q=0.42
; value: 0.47207341996039104
; gradient: temperature=0.48391579780188926 q=2.897787251668869
(define (softmax l)
  (let* ((top (apply max l)) (es (map (lambda (x) (exp (/ (- x top) temperature))) l)) (z (apply + es)))
    (map (lambda (e) (/ e z)) es)))
(define keys (list [1 0] [0 1] [q q]))
(define values-of '(1 -2 3.5))
(define query [q (- 1.2 q)])
(apply + (map * (softmax (map (lambda (k) (dot k query)) keys)) values-of))
