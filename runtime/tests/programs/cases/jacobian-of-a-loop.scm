; at: a=0.4 b=0.9
; value: -6.344016382644108
; gradient: a=0.12611325107978577 b=6.273827753394507
; at: a=0.408 b=0.918
; value: -6.227122355162243
; gradient: a=0.9810268441593203 b=6.168456912036855
; at: a=0.388 b=0.882
; value: -6.447551003069066
; gradient: a=-1.7236467924732144 b=6.201453228458859
; at: a=0.416 b=0.891
; value: -6.381949623466707
; gradient: a=2.0773296692615273 b=6.217850622413667
; at: a=0.396 b=0.945
; value: -6.061698487747561
; gradient: a=-0.79727482699452 b=6.197838945601323
(define (turn v) (let loop ((i 0) (x (ref v 0)) (y (ref v 1))) (if (= i 4) (vec x y (* x y)) (loop (+ i 1) (- x (* a y)) (+ y (* b (sin x)))))))
(define j ((jacobian turn) (vec a b)))
(define h ((hessian (lambda (v) (vsum (turn v)))) (vec b a)))
(+ (ref j 0 0) (* 2 (ref j 2 1)) (ref h 0 0) (* 3 (ref h 0 1)))
