; at: k=1.7 rate=0.2
; value: 1.1959036888440264
; gradient: k=-0.027048309730698106 rate=0.9698365916079552
; at: k=1.734 rate=0.204
; value: 1.1986754336398229
; gradient: k=-0.035494921406084706 rate=0.9492304855036123
; at: k=1.649 rate=0.196
; value: 1.1929944423612642
; gradient: k=-0.01188449497917321 rate=0.9860651248635109
; at: k=1.768 rate=0.198
; value: 1.1914313722631487
; gradient: k=-0.04568108274728984 rate=1.0046923402226209
; at: k=1.683 rate=0.21
; value: 1.205593938284063
; gradient: k=-0.01896773284292649 rate=0.8908227560393439
(define (swing damping)
  (let step ((i 0) (y 1) (v 0))
    (if (= i 20)
        (+ (square y) (square v))
        (let* ((h 0.1)
               (force (lambda (y v) (- (+ (* k y) (* damping v)))))
               (k1 v) (l1 (force y v))
               (k2 (+ v (* 0.5 h l1))) (l2 (force (+ y (* 0.5 h k1)) k2))
               (k3 (+ v (* 0.5 h l2))) (l3 (force (+ y (* 0.5 h k2)) k3))
               (k4 (+ v (* h l3))) (l4 (force (+ y (* h k3)) k4)))
          (step (+ i 1)
                (+ y (* (/ h 6) (+ k1 (* 2 k2) (* 2 k3) k4)))
                (+ v (* (/ h 6) (+ l1 (* 2 l2) (* 2 l3) l4))))))))
(define (loss damping) (+ (swing damping) (* 0.1 damping damping)))
(let descend ((i 0) (d 0.1)) (if (= i 8) (+ d (loss d)) (descend (+ i 1) (- d (* rate ((grad loss) d))))))
