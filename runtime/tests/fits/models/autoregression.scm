; truth: a=1.1 b=-0.4 start=2
; x: 2 3 4 5 6 7 8
(lambda (a b start x)
  (let loop ((n 1) (history (list start 1)))
    (if (= n x)
        (car history)
        (loop (+ n 1) (cons (+ (* a (car history)) (* b (cadr history))) history)))))
