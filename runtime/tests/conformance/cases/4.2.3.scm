; Sequencing.

(begin 1 2 3)
=> 3

(let ((x 5)) (begin (car '(1)) (+ x 1)))
=> 6

; At the top, definitions in begin are definitions.
(begin (define x 1) (define y 2))
(+ x y)
=> 3

(+ 1 (begin 'a 2))
=> 3

(begin (error "first") 2)
=> E0901 at (error "first")

(+ 1 (begin))
=> E0202 at begin
