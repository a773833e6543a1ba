; at: q=0.1 r=0.4
; value: -0.16173801045191358
; gradient: q=5.06708859932189 r=5.938003640328511
(define F (mat [1 0.1] [0 1]))
(define (predict P) (+ (matmul (matmul F P) (transpose F)) (mat [q 0] [0 q])))
(define (step zs x P acc)
  (if (null? zs) acc
      (let* ((x (matvec F x)) (P (predict P)) (s (+ (ref P 0 0) r)) (e (- (car zs) (ref x 0)))
             (k (scale (/ 1 s) [(ref P 0 0) (ref P 1 0)])))
        (step (cdr zs) (+ x (scale e k))
              (- P (mat (scale (ref k 0) (ref P 0)) (scale (ref k 1) (ref P 0))))
              (+ acc (log s) (/ (* e e) s))))))
(step '(0.1 0.3 0.2 0.6) [0 0] (mat [1 0] [0 1]) 0)
