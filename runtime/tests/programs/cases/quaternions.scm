; at: theta=0.7 x=1.2
; value: -0.660454485898533
; gradient: theta=-0.6241106372212717 x=1.4003052685915827
; at: theta=0.714 x=1.224
; value: -0.6355728788295197
; gradient: theta=-0.642076487165413 x=1.411583982639885
; at: theta=0.679 x=1.176
; value: -0.6811156204286695
; gradient: theta=-0.5891385645792689 x=1.3826429264297946
; at: theta=0.728 x=1.188
; value: -0.69603338763469
; gradient: theta=-0.7070521366389221 x=1.4224631617202321
; at: theta=0.693 x=1.26
; value: -0.572479527741086
; gradient: theta=-0.5555442637040622 x=1.3945167737172537
(define (q* p q)
  (let ((a (car p)) (u (cdr p)) (b (car q)) (v (cdr q)))
    (cons (- (* a b) (dot u v)) (+ (scale a v) (scale b u) (cross u v)))))
(define (conjugate q) (cons (car q) (- (cdr q))))
(define (rotation angle axis) (cons (cos (/ angle 2)) (scale (sin (/ angle 2)) (normalize axis))))
(define (rotate q v) (cdr (q* (q* q (cons 0 v)) (conjugate q))))
(define turned (rotate (q* (rotation theta [0 0 1]) (rotation 0.3 [1 1 0])) (vec x 0.5 -1)))
(+ (ref turned 0) (* 2 (ref turned 1)) (* 3 (ref turned 2)))
