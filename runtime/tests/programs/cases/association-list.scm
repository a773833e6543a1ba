; at: k=1.6 m=0.7
; value: 4.7700000000000005
; gradient: k=6.4 m=-0.5
; at: k=1.632 m=0.714
; value: 4.969847999999999
; gradient: k=6.528 m=-0.5
; at: k=1.552 m=0.686
; value: 4.474408
; gradient: k=6.208 m=-0.5
; at: k=1.664 m=0.693
; value: 5.191292
; gradient: k=6.656 m=-0.5
; at: k=1.584 m=0.735
; value: 4.650612000000001
; gradient: k=6.336 m=-0.5
(define env (list (cons 'k k) (cons 'm m) (cons 'c 2)))
(define (look name) (cdr (assq name env)))
(- (* (look 'k) (look 'k) (look 'c)) (/ (look 'm) (look 'c)))
