; truth: k1=0.5 k2=0.2
; x: 0 1 2 4 6 9 13
(lambda (k1 k2 x)
  (let ((step (mat [(- 1 k1) 0] [k1 (- 1 k2)])))
    (let loop ((n 0) (v [4 0])) (if (= n x) (ref v 1) (loop (+ n 1) (matvec step v))))))
