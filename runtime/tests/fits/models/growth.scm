; truth: y0=0.2 rate=0.4 capacity=3
; x: 0 2 4 6 8 10 14 18 24
(lambda (y0 rate capacity x)
  (let loop ((i 0) (y y0))
    (if (>= i x) y (loop (+ i 1) (+ y (* rate y (- 1 (/ y capacity))))))))
