; at: a=0.3 b=0.8
; value: 1.7150216375465315
; gradient: b=1.6031530653194401 a=5.716738791821771
; at: a=0.306 b=0.816
; value: 1.7752545972128282
; gradient: b=1.6064867125291908 a=5.801485611806628
; at: a=0.291 b=0.784
; value: 1.638466257018224
; gradient: b=1.5831640988476996 a=5.630468237176028
; at: a=0.312 b=0.792
; value: 1.7702245641201135
; gradient: b=1.682240660119679 a=5.673796679872159
; at: a=0.297 b=0.84
; value: 1.7599752695806559
; gradient: b=1.518894204551261 a=5.925842658520727
; The inner list begins again for each item of the outer one, which is not walked in tail position.
(define centres '(0.5 -1.25 2 0.75))
(define (kernel x l) (if (null? l) 0 (+ (exp (- (square (/ (- x (car l)) b)))) (kernel x (if (> a 0) (cdr l) (cddr l))))))
(define (total l) (if (null? l) a (+ (* a (kernel (car l) centres)) (total (if (> b 0) (cdr l) (cddr l))))))
(total '(0.25 1 1.5))
