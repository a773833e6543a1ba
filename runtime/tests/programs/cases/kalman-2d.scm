; at: q=0.1 r=0.4
; value: -0.16173801045191358
; gradient: q=5.06708859932189 r=5.938003640328511
; at: q=0.102 r=0.408
; value: -0.10458242365270175
; gradient: q=4.996937735767444 r=5.835584814783914
; at: q=0.097 r=0.392
; value: -0.22501431537400093
; gradient: q=5.148479752133148 r=6.051134994470494
; at: q=0.104 r=0.396
; value: -0.16527420267476595
; gradient: q=5.059405368525519 r=5.956587836304028
; at: q=0.099 r=0.42
; value: -0.05012999196541885
; gradient: q=4.945244490941699 r=5.726039948737391
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
