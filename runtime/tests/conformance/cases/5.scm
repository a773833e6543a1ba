; Program structure.

; 5.1 A program: definitions and expressions, of which the last gives the value.
(define a 1)
(define b (* a 10))
(car (list a))
(list a b)
=> (1 10)

; 5.2 Import declarations are not needed.
(import (scheme base))
=> E0204 at import

; 5.3.1 Definitions.
(define add3 (lambda (x) (+ x 3)))
(define first car)
(list (add3 3) (first '(1 2)))
=> (6 1)

(define (f x . rest) (list x rest))
(f 1 2 3)
=> (1 (2 3))

(define (f . all) all)
(f 1 2)
=> (1 2)

(define ((curried a) b) (+ a b))
((curried 1) 2)
=> E0202 at (curried a)

; A definition may use what is defined later, if it is called later.
(define (f) (g))
(define (g) 'later)
(f)
=> later

(define x y)
(define y 1)
x
=> E0303 at y

(define x 1)
(define x 2)
x
=> E0203 at x

(define)
=> E0202 at define

(define x)
=> E0202 at x

; 5.3.2 Internal definitions.
(let ((x 5))
  (define foo (lambda (y) (bar x y)))
  (define bar (lambda (a b) (+ (* a b) a)))
  (foo (+ x 3)))
=> 45

(define (f x)
  (define y (* 2 x))
  (define (g z) (+ y z))
  (g x))
(list (f 1) (f 2))
=> (3 6)

(let () (define (ev? n) (or (= n 0) (od? (- n 1)))) (define (od? n) (and (> n 0) (ev? (- n 1)))) (ev? 10))
=> #t

; In every body: of when, cond, do and others there is none.
(let* ((x 1)) (define y 2) (letrec ((f (lambda () (define z 3) (list x y z)))) (f)))
=> (1 2 3)

(let ((x 1)) (begin (define y 2) (define z 3)) (list x y z))
=> (1 2 3)

; Names defined inside hide those outside, in the whole body.
(define x 1)
(let () (define (f) x) (define x 2) (f))
=> 2

(if #t (define x 1))
=> E0205 at define

(let ((x 1)))
=> E0202 at let

(let () (define x 1))
=> E0209 at define

; 5.3.3 Several values.
(define-values (x y) (exact-integer-sqrt 17))
(list x y)
=> (4 1)

(let () (define-values (x y) (values 1 2)) (+ x y))
=> 3

(define-values (a . rest) (values 1 2 3))
(list a rest)
=> (1 (2 3))

(define-values all (values 1 2 3))
all
=> (1 2 3)

(define-values (x y) (values 1))
x
=> E0401 at (values 1)

; 5.4, 5.5, 5.6: macros, records and libraries are not in the language.
(define-record-type point (make-point x y) point? (x point-x))
=> E0204 at define-record-type

(define-library (mine) (export x))
=> E0204 at define-library
