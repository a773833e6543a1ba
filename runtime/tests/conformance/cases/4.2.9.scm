; case-lambda.

(define range (case-lambda ((e) (range 0 e)) ((b e) (do ((r '() (cons e r)) (e (- e 1) (- e 1))) ((< e b) r)))))
(list (range 3) (range 3 5))
=> ((0 1 2) (3 4))

(define plus (case-lambda (() 0) ((x) x) ((x y) (+ x y)) ((x y z) (+ (+ x y) z)) (args (apply + args))))
(list (plus) (plus 1) (plus 1 2) (plus 1 2 3) (plus 1 2 3 4))
=> (0 1 3 6 10)

; The first clause that takes as many counts.
((case-lambda ((a) 'one) ((a . b) 'rest) ((a b) 'two)) 1 2)
=> rest

(procedure? (case-lambda ((x) x)))
=> #t

((case-lambda ((a) a) ((a b) b)) 1 2 3)
=> E0401 at (case-lambda ((a) a) ((a b) b))

((case-lambda))
=> E0202 at case-lambda
