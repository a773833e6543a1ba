; at: a=0.9
; value: 3.613371735855853
; gradient: a=28.522247417845772
; at: a=0.918
; value: 4.190426150754909
; gradient: a=35.97787511589387
; at: a=0.873
; value: 2.9550976785646226
; gradient: a=20.800090745557018
; at: a=0.936
; value: 4.925083357233458
; gradient: a=46.197172836087994
; at: a=0.891
; value: 3.370316362084214
; gradient: a=25.563612994532374
(define (prime? n) (let try ((d 2)) (cond ((> (* d d) n) #t) ((= 0 (modulo n d)) #f) (else (try (+ d 1))))))
(define (sum n) (if (< n 2) 0 (+ (if (prime? n) (expt a n) 0) (sum (- n 1)))))
(sum 30)
