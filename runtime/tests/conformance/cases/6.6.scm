; Characters.

(list #\a #\A #\( #\space #\x #\x41 #\alarm #\backspace #\delete #\escape #\newline #\null #\return #\tab)
=> (#\a #\A #\( #\space #\x #\A #\alarm #\backspace #\delete #\escape #\newline #\null #\return #\tab)

(list #\λ #\x03BB)
=> (#\λ #\λ)

#\ab
=> E0105 at #\ab

(map char? (list #\a "a" 'a 97))
=> (#t #f #f #f)

(list (char=? #\a #\a) (char=? #\a #\b) (char<? #\a #\b) (char>? #\a #\b) (char<=? #\a #\a) (char>=? #\a #\b))
=> (#t #f #t #f #t #f)

(list (char<? #\a #\b #\c) (char<? #\a #\c #\b) (char=? #\a #\a #\b) (char>=? #\c #\b #\b))
=> (#t #f #f #t)

(char<? #\a 1)
=> E0502 at (char<? #\a 1)

(list (char-ci=? #\a #\A) (char-ci<? #\a #\B) (char-ci>? #\B #\a) (char-ci<=? #\A #\a) (char-ci>=? #\A #\b))
=> (#t #t #t #t #f)

(list (char-alphabetic? #\a) (char-alphabetic? #\1) (char-alphabetic? #\λ) (char-alphabetic? #\space))
=> (#t #f #t #f)

(list (char-numeric? #\1) (char-numeric? #\a) (char-numeric? #\x0664))
=> (#t #f #t)

(list (char-whitespace? #\space) (char-whitespace? #\newline) (char-whitespace? #\a) (char-whitespace? #\xA0))
=> (#t #t #f #t)

(list (char-upper-case? #\A) (char-upper-case? #\a) (char-upper-case? #\1) (char-lower-case? #\a) (char-lower-case? #\A) (char-lower-case? #\Σ))
=> (#t #f #f #t #f #f)

(list (digit-value #\3) (digit-value #\x0664) (digit-value #\x0AE6) (digit-value #\x0EA6) (digit-value #\a))
=> (3 4 0 #f #f)

(list (char->integer #\A) (char->integer #\λ) (integer->char 66) (integer->char 955))
=> (65 955 #\B #\λ)

(integer->char (char->integer #\7))
=> #\7

(integer->char 55296)
=> E0701 at (integer->char 55296)

(list (char-upcase #\i) (char-downcase #\I) (char-foldcase #\I) (char-upcase #\1) (char-downcase #\Λ) (char-upcase #\ß))
=> (#\I #\i #\i #\1 #\λ #\ß)
