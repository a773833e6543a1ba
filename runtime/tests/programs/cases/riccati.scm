; at: q=1.0 r=0.5 dt=0.3
; value: 2.292224049681773
; gradient: dt=2.8725664216026763 r=-1.9864049283730114 q=0.7145666687685044
; at: q=1.02 r=0.51 dt=0.306
; value: 2.303542137753884
; gradient: dt=2.717950573403277 r=-1.9302015993358874 q=0.6985369340052571
; at: q=0.97 r=0.49 dt=0.291
; value: 2.263626824283676
; gradient: dt=3.1266227891468126 r=-2.049917760581194 q=0.7381940532323401
; at: q=1.04 r=0.495 dt=0.312
; value: 2.362428774877639
; gradient: dt=2.496857222107331 r=-1.9855748317890116 q=0.6890449049515442
; at: q=0.99 r=0.525 dt=0.297
; value: 2.2278947564947567
; gradient: dt=3.0293770830196967 r=-1.8815350608454213 q=0.7146611393127882
(define A (mat [1 dt] [0 1]))
(define B [0 dt])
(define (gain P) (scale (/ 1 (+ r (dot B (matvec P B)))) (matvec (matmul (transpose A) P) B)))
(define (outer-2 u v) (mat (scale (ref u 0) v) (scale (ref u 1) v)))
(define (sweep P n)
  (if (= n 0)
      (vsum (gain P))
      (let* ((K (gain P)) (AP (matmul (transpose A) P)))
        (sweep (+ (mat [q 0] [0 q]) (- (matmul AP A) (outer-2 (matvec AP B) K))) (- n 1)))))
(sweep (mat [1 0] [0 1]) 4)
