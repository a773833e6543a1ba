; Pairs and lists.

(list (pair? '(a . b)) (pair? '(a b c)) (pair? '()) (pair? '#(a b)))
=> (#t #t #f #f)

(list (cons 'a '()) (cons '(a) '(b c d)) (cons "a" '(b c)) (cons 'a 3) (cons '(a b) 'c))
=> ((a) ((a) b c d) ("a" b c) (a . 3) ((a b) . c))

(list (car '(a b c)) (car '((a) b c d)) (car '(1 . 2)))
=> (a (a) 1)

(list (cdr '((a) b c d)) (cdr '(1 . 2)) (cdr '(1)))
=> ((b c d) 2 ())

(car '())
=> E0502 at (car '())

(cdr '())
=> E0502 at (cdr '())

(car 'a)
=> E0502 at (car 'a)

(let ((x '((1 . 2) . (3 . 4)))) (list (caar x) (cdar x) (cadr x) (cddr x)))
=> (1 2 3 4)

(let ((x '(((1 . 2) . (3 . 4)) . ((5 . 6) . (7 . 8)))))
  (list (caaar x) (cdaar x) (cadar x) (cddar x) (caadr x) (cdadr x) (caddr x) (cdddr x)))
=> (1 2 3 4 5 6 7 8)

(let ((x '((((1 . 2) . (3 . 4)) . ((5 . 6) . (7 . 8))) . (((9 . 10) . (11 . 12)) . ((13 . 14) . (15 . 16))))))
  (list (caaaar x) (cdaaar x) (cadaar x) (cddaar x) (caadar x) (cdadar x) (caddar x) (cdddar x)
        (caaadr x) (cdaadr x) (cadadr x) (cddadr x) (caaddr x) (cdaddr x) (cadddr x) (cddddr x)))
=> (1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)

(cadr '(1))
=> E0502 at (cadr '(1))

(set-car! (list 1) 2)
=> E0204 at set-car!

(set-cdr! (list 1) 2)
=> E0204 at set-cdr!

(list (null? '()) (null? '(1)) (null? #f) (null? '#()))
=> (#t #f #f #f)

(list (list? '(a b c)) (list? '()) (list? '(a . b)) (list? 'a) (list? '#(1)))
=> (#t #t #f #f #f)

(make-list 2 3)
=> (3 3)

(length (make-list 4))
=> 4

(make-list 0 'a)
=> ()

(make-list -1 0)
=> E0701 at (make-list -1 0)

(list 'a (+ 3 4) 'c)
=> (a 7 c)

(list)
=> ()

(list (length '(a b c)) (length '(a (b) (c d e))) (length '()))
=> (3 3 0)

(length '(1 2 . 3))
=> E0502 at (length '(1 2 . 3))

(list (append '(x) '(y)) (append '(a) '(b c d)) (append '(a (b)) '((c))) (append '(a b) '(c . d)) (append '() 'a) (append) (append '(1)))
=> ((x y) (a b c d) (a (b) (c)) (a b c . d) a () (1))

(append '(1) '(2) '() '(3 4) '())
=> (1 2 3 4)

(append '(1 . 2) '(3))
=> E0502 at (append '(1 . 2) '(3))

; The last list is shared.
(let ((l (list 1 2))) (eq? l (cdr (append '(0) l))))
=> #t

(list (reverse '(a b c)) (reverse '(a (b c) d (e (f)))) (reverse '()))
=> ((c b a) ((e (f)) d (b c) a) ())

(list (list-tail '(a b c d) 2) (list-tail '(a b) 2) (list-tail '(a . b) 1))
=> ((c d) () b)

(list-tail '(1 2) 3)
=> E0701 at (list-tail '(1 2) 3)

(list (list-ref '(a b c d) 2) (list-ref '(a b c d) (exact (round 1.8))))
=> (c c)

(list-ref '(a b) 2)
=> E0701 at (list-ref '(a b) 2)

(list-ref '(a b) 0.5)
=> E0701 at (list-ref '(a b) 0.5)

(list-set! (list 1 2) 0 3)
=> E0204 at list-set!

(list (memq 'c '(a b c d e)) (memq 'f '(a b)) (memq (list 'a) '(b (a) c)) (member (list 'a) '(b (a) c)))
=> ((c d e) #f #f ((a) c))

(member "B" '("a" "b" "c") string-ci=?)
=> ("b" "c")

(member 2.0 '(1 2 3) =)
=> (2 3)

(memv 101 '(100 101 102))
=> (101 102)

(memq 'a '(b . c))
=> E0502 at (memq 'a '(b . c))

(let ((e '((a 1) (b 2) (c 3)))) (list (assq 'a e) (assq 'b e) (assq 'd e)))
=> ((a 1) (b 2) #f)

(list (assq (list 'a) '(((a)) ((b)) ((c)))) (assoc (list 'a) '(((a)) ((b)) ((c)))))
=> (#f ((a)))

(assoc 2.0 '((1 1) (2 4) (3 9)) =)
=> (2 4)

(assv 5 '((2 3) (5 7) (11 13)))
=> (5 7)

(assoc "b" '(("a" . 1) ("b" . 2)))
=> ("b" . 2)

(assq 'a '(b))
=> E0502 at (assq 'a '(b))

(let* ((a '(1 8 2 8)) (b (list-copy a))) (list (equal? a b) (eq? a b)))
=> (#t #f)

(list (list-copy '()) (list-copy '(1 2 . 3)) (list-copy 5))
=> (() (1 2 . 3) 5)

(append '(1) 2)
=> (1 . 2)

(let* ((x (list 'a 'b)) (y (cons 'z x))) (eq? x (list-tail y 1)))
=> #t

(member 5 '(1 2 3) <)
=> #f

(assoc 3 '((1 . a) (5 . b)) <)
=> (5 . b)

(length '((a b) (c)))
=> 2

; Pairs that are no list.
(list (list-tail '(1 2 . 3) 2) (list-ref '(1 2 . 3) 1))
=> (3 2)

(list-tail '(1 2 . 3) 3)
=> E0502 at (list-tail '(1 2 . 3) 3)

(list-ref '(1 2 . 3) 2)
=> E0502 at (list-ref '(1 2 . 3) 2)

(last '(1 . 2))
=> E0502 at (last '(1 . 2))
