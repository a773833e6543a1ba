; at: a=0.5 b=2
(let loop ((i 0) (s 0)) (if (= i 20) s (loop (+ i 1) (+ s (* a (sin (* b i)))))))
