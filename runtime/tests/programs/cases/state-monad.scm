; at: seed=0.37 a=3.6
; value: 5.408082169240285
; gradient: a=0.1873895953657233 seed=-4.563907284386726
; at: seed=0.3774 a=3.672
; value: 5.3414133732607105
; gradient: a=-0.7720011911785569 seed=-8.502467915683544
; at: seed=0.3589 a=3.528
; value: 5.396383806235449
; gradient: a=0.9072026498254964 seed=-0.9678331844455967
; at: seed=0.3848 a=3.564
; value: 5.334816934099054
; gradient: a=-0.046593483960714166 seed=-4.924169307434841
; at: seed=0.3663 a=3.78
; value: 5.338374690116838
; gradient: a=-1.4805961360725257 seed=-12.909773183719423
(define (unit x) (lambda (s) (cons x s)))
(define (bind m f) (lambda (s) (let ((r (m s))) ((f (car r)) (cdr r)))))
(define tick (lambda (s) (let ((s (* a s (- 1 s)))) (cons s s))))
(define three-draws
  (bind tick (lambda (x)
  (bind tick (lambda (y)
  (bind tick (lambda (z) (unit (+ x (* 2 y) (* 3 z))))))))))
(let ((r (three-draws seed))) (+ (car r) (cdr r)))
