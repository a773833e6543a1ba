; Identifiers.

(let ((... 1) (+ 2) (<=? 3) (->string 4) (a34kTMNs 5) (list->vector 6) (V17a 7) (the-word-recursion-has-many-meanings 8))
  (list ... + <=? ->string a34kTMNs list->vector V17a the-word-recursion-has-many-meanings))
=> (1 2 3 4 5 6 7 8)

(let ((+soup+ 1) (lambda 2) (q 3) (!$%&*/:<=>?^_~ 4)) (list +soup+ lambda q !$%&*/:<=>?^_~))
=> (1 2 3 4)

; A sign or dots may begin a name that is no number.
(let ((- 1) (.. 2) (-x 3) (+.y 4) (-- 5) (+- 6) (..1 7)) (list - .. -x +.y -- +- ..1))
=> (1 2 3 4 5 6 7)

; Upper and lower case are two letters.
(let ((abc 1) (ABC 2)) (list abc ABC))
=> (1 2)

(eq? 'bitBlt 'bitblt)
=> #f

; Between bars anything may stand.
(let ((|two words| 1)) |two words|)
=> 1

(let ((x 5)) |x|)
=> 5

(eq? '|two\x20;words| '|two words|)
=> #t

(string-length (symbol->string '||))
=> 0

(symbol->string '|a\|b\\c\td|)
=> "a|b\\c\td"

; Letters of any script.
(let ((λ 2) (größe 3)) (* λ größe))
=> 6

; The case of letters is never folded.
#!fold-case
(quote ABC)
=> E0107 at #!fold-case
r7rs => abc

(eq? 'abc #!no-fold-case 'ABC)
=> E0107 at #!no-fold-case
r7rs => #f
