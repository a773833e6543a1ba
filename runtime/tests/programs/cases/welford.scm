; at: a=1.1 b=3.4
; value: 1.98452
; gradient: a=2.1824000000000003 b=1.5016
; at: a=1.122 b=3.468
; value: 2.1399105522432
; gradient: a=2.4018067712000004 b=1.5867162848000003
; at: a=1.067 b=3.332
; value: 1.8180573443071997
; gradient: a=1.9277580031999995 b=1.4018304391999998
; at: a=1.144 b=3.366
; value: 2.0314087551232
; gradient: a=2.3109514655999996 b=1.5570677504
; at: a=1.089 b=3.57
; value: 2.22230420358
; gradient: a=2.4357424399999994 b=1.5942070879999999
(define (update state x)
  (let* ((n (+ (car state) 1)) (d (- x (cadr state))) (mean (+ (cadr state) (/ d n))))
    (list n mean (+ (caddr state) (* d (- x mean))))))
(define final (fold-left update '(0 0 0) (list a 2 b (* a b) 0.5)))
(/ (caddr final) (- (car final) 1))
