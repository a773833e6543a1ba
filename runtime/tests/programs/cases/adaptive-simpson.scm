; at: c=4.0 w=0.7
; value: 1.511579162849078
; gradient: w=2.1593988040701113 c=-0.35922517815605665
; at: c=4.08 w=0.714
; value: 1.5130357142909658
; gradient: w=2.1190976390629777 c=-0.3530860765097849
; at: c=3.88 w=0.686
; value: 1.5248090301506647
; gradient: w=2.222753688266275 c=-0.37259911564546516
; at: c=4.16 w=0.693
; value: 1.4416131465840114
; gradient: w=2.080249850770579 c=-0.33044585208388505
; at: c=3.96 w=0.735
; value: 1.602387766272342
; gradient: w=2.1801194098943433 c=-0.3843282828267818
(define (f x) (/ w (+ 0.1 (square (- (* c x) 1)))))
(define (rule a b) (* (/ (- b a) 6) (+ (f a) (* 4 (f (/ (+ a b) 2))) (f b))))
(define (integrate a b whole tolerance depth)
  (let* ((m (/ (+ a b) 2)) (left (rule a m)) (right (rule m b)))
    (if (or (= depth 0) (< (abs (- (+ left right) whole)) tolerance))
        (+ left right)
        (+ (integrate a m left (/ tolerance 2) (- depth 1))
           (integrate m b right (/ tolerance 2) (- depth 1))))))
(integrate 0 1 (rule 0 1) 0.01 5)
