; Equivalence predicates.

(eqv? 'a 'a)
=> #t

(eqv? 'a 'b)
=> #f

(eqv? 2 2)
=> #t

(eqv? '() '())
=> #t

(eqv? 100000000 100000000)
=> #t

(eqv? (cons 1 2) (cons 1 2))
=> #f

(eqv? (lambda () 1) (lambda () 2))
=> #f

(let ((p (lambda (x) x))) (eqv? p p))
=> #t

(eqv? #f '())
=> #f

(eqv? #\a #\a)
=> #t

(eqv? #t #f)
=> #f

(eqv? "" 'a)
=> #f

; Numbers are the same where = says so: there is no exact tower, and -0.0 is 0.
(eqv? 2 2.0)
=> #t
r7rs => #f

(eqv? 0.0 -0.0)
=> #t
r7rs => #f

(eqv? 0.0 +nan.0)
=> #f

(eqv? +nan.0 +nan.0)
=> #t
r7rs => -

(let ((x '(a))) (eqv? x x))
=> #t

(let ((make (lambda () (lambda (y) (list y))))) (let ((g (make))) (eqv? g g)))
=> #t

(letrec ((f (lambda () (if (eqv? f g) 'both 'f))) (g (lambda () (if (eqv? f g) 'both 'g)))) (eqv? f g))
=> #f

(eq? 'a 'a)
=> #t

(eq? (list 'a) (list 'a))
=> #f

(eq? '() '())
=> #t

(eq? car car)
=> #t

(let ((x '(a))) (eq? x x))
=> #t

(let ((x (vector 1))) (eq? x x))
=> #t

(eq? "abc" 'abc)
=> #f

; Where R7RS leaves it open: small numbers and characters are the same.
(list (eq? 2 2) (eq? 100 (* 10 10)) (eq? 1.5 (/ 3 2)) (eq? #\a #\a))
=> (#t #t #t #t)
r7rs => -

(equal? 'a 'a)
=> #t

(equal? '(a) '(a))
=> #t

(equal? '(a (b) c) '(a (b) c))
=> #t

(equal? "abc" "abc")
=> #t

(equal? "abc" "abd")
=> #f

(equal? 2 2)
=> #t

(equal? (make-vector 5 'a) (make-vector 5 'a))
=> #t

(equal? '#(1 2 (3 "x")) (vector 1 2 (list 3 "x")))
=> #t

(equal? '(1 2) '#(1 2))
=> #f

(equal? '(1 2 . 3) '(1 2 3))
=> #f

(equal? #\a #\b)
=> #f

(equal? (lambda (x) x) 5)
=> #f

(eq? 1)
=> E0401 at eq?
