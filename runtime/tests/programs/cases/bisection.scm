; at: a=2.7
; value: 2.6822021484375003
; gradient: a=0.993408203125
; at: a=2.754
; value: 2.78963525390625
; gradient: a=1.012939453125
; at: a=2.619
; value: 2.521171142578125
; gradient: a=0.962646484375
; at: a=2.808
; value: 2.899177734375
; gradient: a=1.032470703125
; at: a=2.673
; value: 2.627971435546875
; gradient: a=0.983154296875
(define (g x) (- (exp x) a))
(define (bisect lo hi n)
  (let ((mid (/ (+ lo hi) 2)))
    (if (= n 0) (* a mid) (if (> (g mid) 0) (bisect lo mid (- n 1)) (bisect mid hi (- n 1))))))
(bisect 0 2 12)
