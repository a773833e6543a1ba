; Iteration.

(do ((n 5 (- n 1)) (l '() (cons n l))) ((= n 0) l))
=> (1 2 3 4 5)

(let ((x '(1 3 5 7 9)))
  (do ((x x (cdr x)) (sum 0 (+ sum (car x)))) ((null? x) sum)))
=> 25

; A variable without a step keeps its value.
(do ((i 0 (+ i 1)) (k 10)) ((= i 3) (+ i k)))
=> 13

; Steps are evaluated before any is bound.
(do ((a 0 b) (b 1 (+ a b)) (n 0 (+ n 1))) ((= n 10) a))
=> 55

(do ((i 0 (+ i 1))) ((= i 3)))
=> #<unspecified>
r7rs => -

(do ((i 0 (+ i 1))) ((= i 3) 'a 'b))
=> b

(do ((i 0 (+ i 1))) ((= i 3) i) (if (> i 2) (error "late")))
=> 3

; Each round has variables of its own.
(map (lambda (f) (f)) (do ((i 0 (+ i 1)) (l '() (cons (lambda () i) l))) ((= i 3) l)))
=> (2 1 0)

(let loop ((numbers '(3 -2 1 6 -5)) (nonneg '()) (neg '()))
  (cond ((null? numbers) (list nonneg neg))
        ((>= (car numbers) 0) (loop (cdr numbers) (cons (car numbers) nonneg) neg))
        (else (loop (cdr numbers) nonneg (cons (car numbers) neg)))))
=> ((6 1 3) (-5 -2))

(let f () 5)
=> 5

; The name of a named let is seen in its body alone.
(let f ((x (let ((f 2)) f))) (if (procedure? f) x 'no))
=> 2

(define (f x) (* 10 x))
(let f ((x (f 1))) (if (> x 100) x (f (* x 2))))
=> 160

; It is a procedure like others, and need not be called in tail position.
(let fact ((n 5)) (if (= n 0) 1 (* n (fact (- n 1)))))
=> 120

(let loop ((i 0)) (if (< i 3) (loop) i))
=> E0401 at (loop)

; Clojure's loop and recur.
(loop ((i 0) (sum 0)) (if (< i 4) (recur (+ i 1) (+ sum i)) sum))
=> 6
r7rs => -

(loop ((i 0)) (+ 1 (recur (+ i 1))))
=> E0202 at recur
