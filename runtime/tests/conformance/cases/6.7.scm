; Strings. They never change.

"The word \"recursion\" has many meanings."
=> "The word \"recursion\" has many meanings."

(string-length "a\\b\tc\nd\x3bb;e")
=> 9

; A line end after a backslash, and the space around it, is left out.
"two \
   lines"
=> "two lines"

(string-length "\a\b\r\"\\\|")
=> 6

"\q"
=> E0104 at \q

(map string? (list "a" "" 'a #\a))
=> (#t #t #f #f)

(list (make-string 3 #\*) (make-string 0 #\a) (string-length (make-string 2)))
=> ("***" "" 2)

(list (string #\a #\b) (string) (string #\λ))
=> ("ab" "" "λ")

(list (string-length "abc") (string-length "") (string-length "λx"))
=> (3 0 2)

(list (string-ref "abc" 0) (string-ref "abc" 2))
=> (#\a #\c)

(string-ref "abc" 3)
=> E0701 at (string-ref "abc" 3)

(string-ref "" 0)
=> E0701 at (string-ref "" 0)

(list (string=? "abc" "abc") (string=? "abc" "abd") (string=? "a" "a" "a") (string=? "a" "a" "b"))
=> (#t #f #t #f)

(list (string<? "abc" "abd") (string<? "ab" "abc") (string<? "abc" "ab") (string<? "" "a") (string<? "a" "b" "c"))
=> (#t #t #f #t #t)

(list (string>? "b" "a") (string<=? "a" "a") (string>=? "a" "b") (string>? "c" "b" "a"))
=> (#t #t #f #t)

(list (string-ci=? "Straße" "STRASSE") (string-ci<? "a" "B") (string-ci>? "B" "a") (string-ci<=? "A" "a") (string-ci>=? "a" "B"))
=> (#t #t #t #t #f)

(string=? "a" 'a)
=> E0502 at (string=? "a" 'a)

(list (string-upcase "abC1") (string-downcase "ABc1") (string-foldcase "ABc"))
=> ("ABC1" "abc1" "abc")

(list (string-upcase "Straße") (string-downcase "ΧΑΟΣ") (string-downcase "ΧΑΟΣΣ"))
=> ("STRASSE" "χαος" "χαοσς")

(list (substring "abcdef" 2 4) (substring "abc" 0 3) (substring "abc" 1 1))
=> ("cd" "abc" "")

(substring "abc" 2 1)
=> E0701 at (substring "abc" 2 1)

(list (string-append "ab" "cd" "e") (string-append "a") (string-append))
=> ("abcde" "a" "")

(list (string->list "apple") (string->list "apple" 2) (string->list "apple" 2 4) (string->list ""))
=> ((#\a #\p #\p #\l #\e) (#\p #\l #\e) (#\p #\l) ())

(list (list->string '(#\a #\b)) (list->string '()))
=> ("ab" "")

(list->string '(1 2))
=> E0502 at (list->string '(1 2))

(list (string-copy "abc") (string-copy "abc" 1) (string-copy "abcd" 1 3))
=> ("abc" "bc" "bc")

(string-copy "abc" 4)
=> E0701 at (string-copy "abc" 4)

(let ((s "abc")) (equal? s (string-copy s)))
=> #t

(string-set! (string #\a) 0 #\b)
=> E0204 at string-set!

(string-fill! (string #\a) #\b)
=> E0204 at string-fill!

(string-copy! (string #\a) 0 "b")
=> E0204 at string-copy!

(string<? "a" "ab" "b")
=> #t

(string-append "a" (string #\b) (make-string 2 #\c))
=> "abcc"

(list (string->number (substring "x=42" 2 4)) (string->symbol (string-append "a" "b")))
=> (42 ab)
