; Binding constructs.

(let ((x 2) (y 3)) (* x y))
=> 6

; Values are evaluated outside the bindings.
(let ((x 2) (y 3)) (let ((x 7) (z (+ x y))) (* z x)))
=> 35

(let () 5)
=> 5

(let ((x 1)) (define y (+ x 1)) (* x y))
=> 2

(let* () 5)
=> 5

(let ((x 2) (y 3)) (let* ((x 7) (z (+ x y))) (* z x)))
=> 70

; let* may bind one name twice.
(let* ((x 1) (x (+ x 1)) (x (* x 10))) x)
=> 20

(let ((x 1) (x 2)) x)
=> E0203 at x

(let ((x)) x)
=> E0202 at (x)

(let (x 1) x)
=> E0202 at x

(letrec ((even? (lambda (n) (if (zero? n) #t (odd? (- n 1)))))
         (odd? (lambda (n) (if (zero? n) #f (even? (- n 1))))))
  (even? 88))
=> #t

(letrec ((f (lambda () x)) (x 5)) (f))
=> 5

(letrec* ((p (lambda (x) (+ 1 (q (- x 1)))))
          (q (lambda (y) (if (zero? y) 0 (+ 1 (p (- y 1))))))
          (x (p 5))
          (y x))
  y)
=> 5

(letrec* ((a 1) (b (+ a 1))) (list a b))
=> (1 2)

; letrec evaluates in order, as letrec* does.
(letrec ((a 1) (b (+ a 1))) (list a b))
=> (1 2)
r7rs => -

(letrec ((a (+ b 1)) (b 1)) a)
=> E0303 at b

(let-values (((root rem) (exact-integer-sqrt 32))) (* root rem))
=> 35

(let-values (((a b) (values 1 2)) ((c . d) (values 3 4 5)) (e (values 6 7))) (list a b c d e))
=> (1 2 3 (4 5) (6 7))

(let ((a 'a) (b 'b) (x 'x) (y 'y))
  (let-values (((a b) (values x y)) ((x y) (values a b))) (list a b x y)))
=> (x y a b)

(let ((a 'a) (b 'b) (x 'x) (y 'y))
  (let*-values (((a b) (values x y)) ((x y) (values a b))) (list a b x y)))
=> (x y x y)

(let-values (((a b) (values 1 2 3))) a)
=> E0401 at (values 1 2 3)

(let-values () 1)
=> 1

(let-values (((a a) (values 1 2))) a)
=> E0203 at a

; Each value of letrec* sees the procedures before and after it.
(define (means l)
  (letrec* ((sum (lambda (f l) (if (null? l) 0 (+ (f (car l)) (sum f (cdr l))))))
            (mean (lambda (f inverse) (inverse (/ (sum f l) n))))
            (n (length l))
            (arithmetic (mean (lambda (x) x) (lambda (x) x)))
            (harmonic (mean (lambda (x) (/ x)) (lambda (x) (/ x)))))
    (list arithmetic harmonic)))
(means '(1 2 4 4))
=> (2.75 2)

(define (f) (let*-values (((a b) (values 1 2)) ((b a) (values a b))) (list a b)))
(f)
=> (2 1)
