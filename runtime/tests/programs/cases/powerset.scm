; at: x=0.5 y=1.5 z=0.2
; value: 5.6225
; gradient: x=2.7783333333333333 y=1.815 z=3.3208333333333333
; at: x=0.51 y=1.53 z=0.204
; value: 5.71851778
; gradient: x=2.8145446666666665 y=1.8292926666666667 z=3.3738616666666665
; at: x=0.485 y=1.47 z=0.194
; value: 5.507252995
; gradient: x=2.7387003333333335 y=1.7936585 z=3.259250833333333
; at: x=0.52 y=1.485 z=0.208
; value: 5.677268106666667
; gradient: x=2.7782720000000003 y=1.8436373333333334 z=3.33943
; at: x=0.495 y=1.575 z=0.198
; value: 5.7375752375
; gradient: x=2.8468691666666666 y=1.8078731666666668 z=3.3984229166666666
(define (subsets l) (if (null? l) '(()) (let ((rest (subsets (cdr l)))) (append rest (map (lambda (s) (cons (car l) s)) rest)))))
(apply + (map (lambda (s) (/ (apply * s) (+ 1 (length s)))) (subsets (list x y z 2))))
