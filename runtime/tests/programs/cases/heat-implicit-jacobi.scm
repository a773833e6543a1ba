; at: al=0.4
; value: 8.328332710717955
; gradient: al=-8.825896583392973
(define b [1 2 3])
(loop ((i 0) (u [0 0 0]))
  (if (= i 8) (dot u u)
      (recur (+ i 1) (/ (+ b (scale al [(ref u 1) (+ (ref u 0) (ref u 2)) (ref u 1)])) (+ 1 (* 2 al))))))
