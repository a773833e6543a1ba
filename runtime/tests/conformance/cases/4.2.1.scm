; Conditionals.

(cond ((> 3 2) 'greater) ((< 3 2) 'less))
=> greater

(cond ((> 3 3) 'greater) ((< 3 3) 'less) (else 'equal))
=> equal

(cond ((assv 'b '((a 1) (b 2))) => cadr) (else #f))
=> 2

(cond ((assv 'c '((a 1) (b 2))) => cadr) (else 'none))
=> none

; A clause with a test alone gives what the test gives.
(cond (#f) ((memv 2 '(1 2 3))) (else 'none))
=> (2 3)

(cond (#f 1) (else 2 3 4))
=> 4

(cond ((= 1 1) (car '(1)) 'last) (else 0))
=> last

(cond (#f 1))
=> #<unspecified>
r7rs => -

; Tests after the one that holds are not evaluated.
(cond (#t 1) ((error "evaluated") 2))
=> 1

(cond)
=> E0202 at cond

(cond (else 1) (#t 2))
=> E0202 at else

(let ((else #f)) (cond (else 1) (#t 2)))
=> 2

(let ((=> #f)) (cond (#t => 'ok)))
=> ok

(case (* 2 3) ((2 3 5 7) 'prime) ((1 4 6 8 9) 'composite))
=> composite

(case (car '(c d)) ((a e i o u) 'vowel) ((w y) 'semivowel) (else => (lambda (x) x)))
=> c

(case 'w ((a e i o u) 'vowel) ((w y) => (lambda (x) (list x 'semivowel))) (else 'consonant))
=> (w semivowel)

(case (car '(c d)) ((a) 'a) ((b) 'b))
=> #<unspecified>
r7rs => -

(case #\b ((#\a) 1) ((#\b #\c) 2))
=> 2

(case '() ((()) 'empty) (else 'other))
=> empty

(case #f ((#t) 1) ((#f) 2))
=> 2

(case 5 ((5) 1 2 3))
=> 3

; Keys are compared as eqv? does: two strings are two objects.
(case "a" (("a") 1) (else 2))
=> 2

(case 2.0 ((2) 'two) (else 'other))
=> two
r7rs => other

(case 1 ((1) (error "first")) (else 2))
=> E0901 at (error "first")

(and (= 2 2) (> 2 1))
=> #t

(and (= 2 2) (< 2 1))
=> #f

(and 1 2 'c '(f g))
=> (f g)

(and)
=> #t

(and #f (error "evaluated"))
=> #f

(or (= 2 2) (> 2 1))
=> #t

(or (= 2 2) (< 2 1))
=> #t

(or #f #f #f)
=> #f

(or (memq 'b '(a b c)) (/ 3 0))
=> (b c)

(or)
=> #f

(or 1 (error "evaluated"))
=> 1

(when (> 2 1) 'a 'b)
=> b

(when #f (error "evaluated"))
=> #<unspecified>
r7rs => -

(unless (> 1 2) 'a 'b)
=> b

(unless #t (error "evaluated"))
=> #<unspecified>
r7rs => -

(let ((if list) (x 1)) (and x (or #f 2)))
=> 2

(cond-expand (r7rs 1) (else 2))
=> E0204 at cond-expand
r7rs => 1
