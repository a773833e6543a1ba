; at: p=0.7 e=0.8
; value: -4.334420866863083
; gradient: e=-1.4453314033281606 p=-1.0093044231251562
(define (emit s o) (if (= s o) e (- 1 e)))
(define (fwd os f0 f1)
  (if (null? os) (log (+ f0 f1))
      (let ((o (car os)))
        (fwd (cdr os)
             (* (emit 0 o) (+ (* p f0) (* (- 1 p) f1)))
             (* (emit 1 o) (+ (* (- 1 p) f0) (* p f1)))))))
(fwd '(0 0 1 0 1 1) 0.5 0.5)
