; at: mass=2.0 speed=1.5
; value: 2.475
; gradient: mass=1.2375 speed=3.3000000000000003
; at: mass=2.04 speed=1.53
; value: 2.6264898000000003
; gradient: mass=1.287495 speed=3.4333200000000006
; at: mass=1.94 speed=1.47
; value: 2.3056803
; gradient: mass=1.188495 speed=3.1369800000000003
; at: mass=2.08 speed=1.485
; value: 2.5227774000000007
; gradient: mass=1.2128737500000002 speed=3.3976800000000007
; at: mass=1.98 speed=1.575
; value: 2.701400625
; gradient: mass=1.36434375 speed=3.4303500000000002
(define (lens get set) (cons get set))
(define first-lens (lens car (lambda (s v) (cons v (cdr s)))))
(define rest-lens (lens cdr (lambda (s v) (cons (car s) v))))
(define (then outer inner)
  (lens (lambda (s) ((car inner) ((car outer) s)))
        (lambda (s v) ((cdr outer) s ((cdr inner) ((car outer) s) v)))))
(define (over l f s) ((cdr l) s (f ((car l) s))))
(define velocity (then rest-lens first-lens))
(define body (over velocity (lambda (v) (* 1.1 v v)) (list mass speed 'unchanged)))
(* 0.5 (car body) ((car velocity) body))
