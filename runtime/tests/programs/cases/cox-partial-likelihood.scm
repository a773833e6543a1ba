; at: beta=0.6 delta=-0.2
; value: -2.381355069112679
; gradient: beta=-0.35040131705420524 delta=1.3521338448789295
; at: beta=0.612 delta=-0.204
; value: -2.3910326975583986
; gradient: beta=-0.3585372447471597 delta=1.3598224872192661
; at: beta=0.582 delta=-0.196
; value: -2.3697634489566695
; gradient: beta=-0.338761439189879 delta=1.342328892771002
; at: beta=0.624 delta=-0.198
; value: -2.3872087891011704
; gradient: beta=-0.3632660610618842 delta=1.3584215756393159
; at: beta=0.594 delta=-0.21
; value: -2.392809175427964
; gradient: beta=-0.35040255855760705 delta=1.3591706722314176
(define subjects '((1.2 0.5 died) (0.3 1.0 censored) (-0.4 0.2 died) (0.8 -1.0 died)))
(define (score s) (+ (* beta (car s)) (* delta (cadr s))))
(define (log-sum-exp l) (let ((top (apply max l))) (+ top (log (apply + (map (lambda (x) (exp (- x top))) l))))))
(let sum ((risk subjects))
  (cond ((null? risk) 0)
        ((eq? (caddar risk) 'died) (+ (- (score (car risk)) (log-sum-exp (map score risk))) (sum (cdr risk))))
        (else (sum (cdr risk)))))
