; at: al=0.4
; value: 8.328332710717955
; gradient: al=-8.825896583392973
; at: al=0.408
; value: 8.258220512190197
; gradient: al=-8.702619244299546
; at: al=0.388
; value: 8.43537860368322
; gradient: al=-9.01618141830885
; at: al=0.416
; value: 8.18908347112098
; gradient: al=-8.58209143823604
; at: al=0.396
; value: 8.363761457528001
; gradient: al=-8.88859645181371
(define b [1 2 3])
(loop ((i 0) (u [0 0 0]))
  (if (= i 8) (dot u u)
      (recur (+ i 1) (/ (+ b (scale al [(ref u 1) (+ (ref u 0) (ref u 2)) (ref u 1)])) (+ 1 (* 2 al))))))
