; Coulomb's law. What Rust's lexer could not read is fine in a file: it's text.
(define (square-of r) (* r r))
#| '(a block) |#
(* k (/ (* q1 q2) (square-of r)))
