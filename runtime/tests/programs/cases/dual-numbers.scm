; at: x=0.7 a=1.8
; value: 3.1653879304129147
; gradient: a=2.473174364817701 x=2.8147789401601884
; at: x=0.714 a=1.836
; value: 3.26655741387827
; gradient: a=1.603863376512789 x=1.0388311039484772
; at: x=0.679 a=1.764
; value: 2.981445607666688
; gradient: a=3.222575489262411 x=4.78159277836482
; at: x=0.728 a=1.782
; value: 3.19415150639955
; gradient: a=1.8507319094669323 x=2.041704440562482
; at: x=0.693 a=1.89
; value: 3.335438801878136
; gradient: a=1.4021438340819596 x=0.16597199153703343
(define (value d) (if (pair? d) (car d) d))
(define (slope d) (if (pair? d) (cdr d) 0))
(define (add u v) (cons (+ (value u) (value v)) (+ (slope u) (slope v))))
(define (mul u v) (cons (* (value u) (value v)) (+ (* (value u) (slope v)) (* (slope u) (value v)))))
(define (sine u) (cons (sin (value u)) (* (slope u) (cos (value u)))))
(define (f u) (let loop ((n 0) (y u)) (if (= n 3) y (loop (+ n 1) (add (sine (mul a y)) (mul u y))))))
(define result (f (cons x 1)))
(+ (car result) (cdr result))
