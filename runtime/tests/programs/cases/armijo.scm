; at: a=1.5 b=0.4
; value: 0.7012799328676654
; gradient: a=2.063975477893294 b=5.258373200681178
; at: a=1.53 b=0.408
; value: 0.1081401268426684
; gradient: a=1.0074481977090306 b=3.6637146066999637
; at: a=1.455 b=0.392
; value: 0.5786261485704661
; gradient: a=1.7117724525395475 b=4.24373345388492
; at: a=1.56 b=0.396
; value: 0.3662168656156307
; gradient: a=7.234032501275486 b=30.169197868992313
; at: a=1.485 b=0.42
; value: 0.10576475135408205
; gradient: a=1.062386031030163 b=3.698890199869504
(define (loss p) (+ (square (- (car p) a)) (* 5 (square (- (cadr p) (* b (square (car p))))))))
(define (move p g t) (map (lambda (x d) (- x (* t d))) p g))
(define (search p g t)
  (if (< (loss (move p g t)) (- (loss p) (* 0.1 t (apply + (map square g)))))
      (move p g t)
      (search p g (/ t 2))))
(define (descend p n) (if (= n 0) (loss p) (descend (search p ((grad loss) p) 1) (- n 1))))
(descend '(0.2 0.1) 3)
