; at: t=0.35 h=1.4
; value: 1.0942659218198518
; gradient: h=0.0576467880130009 t=2.498764592867535
; at: t=0.357 h=1.428
; value: 1.1133093159059055
; gradient: h=0.05378060759171351 t=2.496822791239831
; at: t=0.3395 h=1.372
; value: 1.0663472982157802
; gradient: h=0.06395964581919514 t=2.4954700139442805
; at: t=0.364 h=1.386
; value: 1.128815988040729
; gradient: h=0.04785199227014076 t=2.5427559850266657
; at: t=0.3465 h=1.47
; value: 1.0898303068038013
; gradient: h=0.06264492401038955 t=2.4404810369991785
(define points (list [0 0] [1 h] [2 (- h)] [3 0.5]))
(define (halve ps)
  (if (null? (cdr ps))
      '()
      (cons (+ (scale (- 1 t) (car ps)) (scale t (cadr ps))) (halve (cdr ps)))))
(define (bezier ps) (if (null? (cdr ps)) (car ps) (bezier (halve ps))))
(norm (bezier points))
