; at: x=0.7
; value: 2.013752707468839
; gradient: x=2.013752707439943
; at: x=0.714
; value: 2.042143517326906
; gradient: x=2.042143517290259
; at: x=0.679
; value: 1.9719048411070856
; gradient: x=1.9719048410870361
; at: x=0.728
; value: 2.070934593851866
; gradient: x=2.0709345938056023
; at: x=0.693
; value: 1.9997056605397276
; gradient: x=1.9997056605141146
(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))
(define (term n) (/ (expt x n) (fact n)))
(define (sum n) (if (< n 0) 0 (+ (term n) (sum (- n 1)))))
(sum 12)
