; at: q=0.2 r=0.35 a=0.9
; value: -5.839372668413567
; gradient: a=-1.0732470253010626 q=-2.4690074525153554 r=-3.7314507624901965
(define (step ys x p ll) (if (null? ys) ll (let* ((xp (* a x)) (pp (+ (* a a p) q)) (s (+ pp r)) (v (- (car ys) xp)) (k (/ pp s))) (step (cdr ys) (+ xp (* k v)) (* (- 1 k) pp) (+ ll (* -0.5 (+ (log (* 6.283185307179586 s)) (/ (* v v) s)))))))) (step '(0.5 0.9 1.4 1.1 0.7 0.2) 0 1 0)
