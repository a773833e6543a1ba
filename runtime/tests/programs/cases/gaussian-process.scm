; at: reach=0.7 noise=0.2
; value: -3.656184291391981
; gradient: reach=-3.0747343197670327 noise=1.3627770932344188
; at: reach=0.714 noise=0.204
; value: -3.694074636014248
; gradient: reach=-3.17699315559387 noise=1.5843978407985502
; at: reach=0.679 noise=0.196
; value: -3.598582148455904
; gradient: reach=-2.867343805502456 noise=1.0574445141491084
; at: reach=0.728 noise=0.198
; value: -3.7507904127591667
; gradient: reach=-3.453405050453263 noise=1.860709589953393
; at: reach=0.693 noise=0.21
; value: -3.622561559666753
; gradient: reach=-2.836473813098937 noise=1.226321297842585
(define xs '(0 0.5 1.3))
(define (cov a b) (+ (exp (/ (- (square (- a b))) (* 2 (square reach)))) (if (= a b) (square noise) 0)))
; One point is conditioned on at a time: what is left of the covariance is a Schur complement.
(define (log-likelihood ys K)
  (if (null? ys)
      0
      (let* ((s (caar K)) (column (map car (cdr K))) (y (car ys)))
        (+ (* -0.5 (+ (/ (* y y) s) (log (* 6.283185307179586 s))))
           (log-likelihood (map (lambda (z k) (- z (* k (/ y s)))) (cdr ys) column)
                           (map (lambda (row k) (map (lambda (x j) (- x (/ (* k j) s))) (cdr row) column))
                                (cdr K) column))))))
(log-likelihood '(0.2 0.9 -0.4) (map (lambda (a) (map (lambda (b) (cov a b)) xs)) xs))
