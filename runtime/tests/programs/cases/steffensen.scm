; at: a=0.9 b=0.3
; value: 0.8761214420053838
; gradient: a=0.37845996487715144 b=0.5912220639643351
; at: a=0.918 b=0.306
; value: 0.8863789806428254
; gradient: a=0.36945166878610813 b=0.5843732378996279
; at: a=0.873 b=0.294
; value: 0.8621519455437244
; gradient: a=0.39138964799185727 b=0.6013982055872541
; at: a=0.936 b=0.297
; value: 0.8877581826884935
; gradient: a=0.36567267805125375 b=0.5793757942252074
; at: a=0.891 b=0.315
; value: 0.8816009722074204
; gradient: a=0.37681135880656025 b=0.5925515458329407
(define (g x) (+ (* a (cos x)) b))
(define (accelerate x)
  (let* ((y (g x)) (z (g y)))
    (- x (/ (square (- y x)) (+ (- z (* 2 y)) x)))))
(define (repeat n f) (if (= n 0) (lambda (x) x) (lambda (x) ((repeat (- n 1) f) (f x)))))
((repeat 2 accelerate) 1)
