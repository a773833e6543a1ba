; at: a=0.3 b=0.2
; value: 5.14491693012249
; gradient: a=20.66490415037991 b=-4.162886121932207
(let outer ((i 0) (s 0))
  (if (= i 6) s
      (outer (+ i 1)
             (let inner ((j 0) (t s)) (if (= j i) t (inner (+ j 1) (+ t (* a (cos (* b j)) (+ 1 (* 0.1 t))))))))))
