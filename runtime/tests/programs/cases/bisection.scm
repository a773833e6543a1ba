; at: a=2.7
; value: 2.6822021484375003
; gradient: a=0.993408203125
(define (g x) (- (exp x) a))
(define (bisect lo hi n)
  (let ((mid (/ (+ lo hi) 2)))
    (if (= n 0) (* a mid) (if (> (g mid) 0) (bisect lo mid (- n 1)) (bisect mid hi (- n 1))))))
(bisect 0 2 12)
