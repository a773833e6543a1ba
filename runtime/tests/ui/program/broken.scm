; A model with mistakes.
(define (area r)
  (* pi (sqaure r)))

(area x y)
(set! x 2)
