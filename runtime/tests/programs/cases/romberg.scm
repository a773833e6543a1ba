; at: k=1.4 m=0.6
; value: 1.3093714180187124
; gradient: m=2.1822856966978543 k=0.8026775697674295
; at: k=1.428 m=0.612
; value: 1.3587214953069793
; gradient: m=2.220133162266306 k=0.8358073087414699
; at: k=1.358 m=0.588
; value: 1.2506511934714468
; gradient: m=2.12695781202627 k=0.7626900958823292
; at: k=1.456 m=0.594
; value: 1.3417097816553387
; gradient: m=2.258770676187439 k=0.8281728728101199
; at: k=1.386 m=0.63
; value: 1.3631012438808987
; gradient: m=2.1636527680649187 k=0.834168188646531
(define (f x) (* m (exp (* k x))))
(define (trapezoid n)
  (let ((h (/ 1 n)))
    (* h (+ (/ (+ (f 0) (f 1)) 2) (apply + (map (lambda (i) (f (* i h))) (iota (- n 1) 1)))))))
(define (improve column factor)
  (if (null? (cdr column))
      (car column)
      (improve (map (lambda (rough fine) (/ (- (* factor fine) rough) (- factor 1)))
                    (reverse (cdr (reverse column))) (cdr column))
               (* 4 factor))))
(improve (map trapezoid '(1 2 4 8)) 4)
