; Primitive expressions.

; 4.1.1 Variables.
(define x 28)
x
=> 28

(let ((y 3)) (+ y z))
=> E0302 at z

; 4.1.2 Literals.
(quote a)
=> a

(quote #(a b c))
=> #(a b c)

'(+ 1 2)
=> (+ 1 2)

'()
=> ()

''a
=> (quote a)

(list '145932 '"abc" '#\a '#t)
=> (145932 "abc" #\a #t)

(list 145932 "abc" #\a #t #(1))
=> (145932 "abc" #\a #t #(1))

(quote)
=> E0202 at quote

(quote a b)
=> E0202 at b

; 4.1.3 Procedure calls.
(+ 3 4)
=> 7

((if #f + *) 3 4)
=> 12

((lambda (x y) (- x y)) 10 3)
=> 7

(((lambda (x) (lambda (y) (list x y))) 1) 2)
=> (1 2)

()
=> E0202 at ()

(5 1)
=> E0501 at 5

("no procedure")
=> E0501 at "no procedure"

((car (list 'a)) 1)
=> E0501 at ((car (list 'a)) 1)

; 4.1.4 Procedures.
((lambda (x) (+ x x)) 4)
=> 8

(define reverse-subtract (lambda (x y) (- y x)))
(reverse-subtract 7 10)
=> 3

(define add4 (let ((x 4)) (lambda (y) (+ x y))))
(add4 6)
=> 10

((lambda x x) 3 4 5 6)
=> (3 4 5 6)

((lambda x x))
=> ()

((lambda (x y . z) z) 3 4 5 6)
=> (5 6)

; The list of the arguments is newly made.
(let ((l (make-list 2 'a)))
  (define all (lambda rest rest))
  (list (eq? l (apply (lambda rest rest) l)) (eq? l (apply all l)) (equal? l (apply all l)) (eq? (apply all l) (apply all l))))
=> (#f #f #t #f)

(let* ((l (make-list 2 'a)) (after (lambda (x . rest) rest))) (list (eq? l (apply after 'b l)) (apply after 'b l)))
=> (#f (a a))

(apply (lambda rest rest) (cons 1 2))
=> E0502 at (apply (lambda rest rest) (cons 1 2))

((lambda (x y . z) (list x y z)) 3 4)
=> (3 4 ())

((lambda (x) (car '(1)) (* x x)) 5)
=> 25

((lambda (x) x) 1 2)
=> E0401 at (lambda (x) x)

((lambda (x y . z) z) 1)
=> E0401 at (lambda (x y . z) z)

(lambda (x x) x)
=> E0203 at x

(lambda (x))
=> E0202 at lambda

; 4.1.5 Conditionals.
(if (> 3 2) 'yes 'no)
=> yes

(if (> 2 3) 'yes 'no)
=> no

(if (> 3 2) (- 3 2) (+ 3 2))
=> 1

(if #f #f)
=> #<unspecified>
r7rs => -

(if '() 1 2)
=> 1

(if 0 1 2)
=> 1

; The side not taken is not evaluated.
(if #t 1 (error "evaluated"))
=> 1

(if)
=> E0202 at if

(if 1 2 3 4)
=> E0202 at 4

; 4.1.6 Assignments are not in the language: a derivative needs what was there before.
(define x 2)
(set! x 4)
=> E0204 at set!

; 4.1.7 Nor is inclusion.
(include "model.scm")
=> E0204 at include
