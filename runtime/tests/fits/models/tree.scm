; truth: leaf=1.5 left=0.8 right=0.3
; x: 1 2 3 4 5 6 7
(lambda (leaf left right x)
  (define (grow n) (if (< n 2) leaf (+ (* left (grow (- n 1))) (* right (grow (- n 2))))))
  (grow x))
