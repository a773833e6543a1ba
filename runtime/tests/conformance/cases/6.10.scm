; Control features.

(map procedure? (list car 'car (lambda (x) (* x x)) '(lambda (x) (* x x)) (case-lambda ((x) x)) (let loop () loop)))
=> (#t #f #t #f #t #t)

(list (apply + (list 3 4)) (apply + 1 2 '(3 4)) (apply + '()))
=> (7 10 0)

(define (compose2 f g) (lambda args (f (apply g args))))
((compose2 sqrt *) 12 75)
=> 30

(apply car '((1 2)))
=> 1

(apply + 1)
=> E0502 at (apply + 1)

(apply + 1 '(2 . 3))
=> E0502 at (apply + 1 '(2 . 3))

(apply car '(1 2))
=> E0401 at (apply car '(1 2))

(map cadr '((a b) (d e) (g h)))
=> (b e h)

(map (lambda (n) (expt n n)) '(1 2 3 4 5))
=> (1 4 27 256 3125)

(map + '(1 2 3) '(4 5 6))
=> (5 7 9)

; The shortest list ends it.
(list (map + '(1 2) '(10 20 30)) (map + '() '(1)) (map list '(1 2 3) '(a b) '(x y z)))
=> ((11 22) () ((1 a x) (2 b y)))

(map car 5)
=> E0502 at map

(string-map char-foldcase "AbdEgH")
=> "abdegh"

(string-map (lambda (c) (integer->char (+ 1 (char->integer c)))) "HAL")
=> "IBM"

(string-map (lambda (c k) ((if (eqv? k #\u) char-upcase char-downcase) c)) "studlycaps xxx" "ululululul")
=> "StUdLyCaPs"

(vector-map cadr '#((a b) (d e) (g h)))
=> #(b e h)

(vector-map (lambda (n) (expt n n)) '#(1 2 3 4 5))
=> #(1 4 27 256 3125)

(vector-map * '#(1 2) '#(10 20 30))
=> #(10 40)

(vector-map + '(1 2))
=> E0502 at vector-map

; for-each is for what the procedure may stop: nothing can be changed.
(for-each (lambda (x y) (if (> x y) (error "greater" x y))) '(1 5) '(2 4))
=> E0901 at (error "greater" x y)

(begin (for-each car '((1) (2))) 'done)
=> done

(begin (string-for-each char-upcase "abc") 'done)
=> done

(begin (vector-for-each car '#((1) (2))) 'done)
=> done

(string-for-each (lambda (c d) (if (char=? c d) (error "same" c))) "abc" "xbz")
=> E0901 at (error "same" c)

(vector-for-each (lambda (x) (if (negative? x) (error "negative" x))) '#(1 -2))
=> E0901 at (error "negative" x)

(call-with-values (lambda () (values 4 5)) (lambda (a b) b))
=> 5

(call-with-values * -)
=> -1

(call-with-values (lambda () (values 1 2 3)) list)
=> (1 2 3)

(call-with-values (lambda () (values)) list)
=> ()

(values 5)
=> 5

(+ 1 (values 2))
=> 3

(call-with-values (lambda () (values 1 2)) (lambda (a) a))
=> E0401 at call-with-values

(call/cc (lambda (k) (k 1)))
=> E0204 at call/cc
r7rs => 1

(call-with-current-continuation (lambda (k) (+ 1 (k 2))))
=> E0204 at call-with-current-continuation
r7rs => 2

(dynamic-wind (lambda () 1) (lambda () 2) (lambda () 3))
=> E0204 at dynamic-wind
r7rs => 2

(apply map list '((1 2 3) (a b c)))
=> ((1 a) (2 b) (3 c))

(let ((f apply)) (f f (list + '(1 2))))
=> 3

(map (lambda args (length args)) '(1 2) '(3 4) '(5 6))
=> (3 3)

(string-map (lambda (a b) (if (char<? a b) a b)) "adc" "bbbb")
=> "abb"

(vector-map (lambda (a b c) (list a b c)) '#(1 2) '#(3 4) '#(5))
=> #((1 3 5))

(call-with-values (lambda () (apply values '(1 2 3))) (lambda (a . rest) rest))
=> (2 3)

; What map calls may itself call map.
(map (lambda (row) (map (lambda (x) (* x x)) row)) '((1 2) (3)))
=> ((1 4) (9))

; Several values, where one is expected, are one value of their own.
(call-with-values (lambda () (car (list (values 1 2)))) list)
=> (1 2)
r7rs => -
