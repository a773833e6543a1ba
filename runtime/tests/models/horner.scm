; A polynomial by a list of its coefficients, here 1, 2, 3 and so on.
(define (horner coefficients x)
  (fold-right (lambda (c acc) (+ c (* acc x))) 0 coefficients))
(lambda (degree x)
  (horner (cdr (iota (+ 2 degree))) x))
