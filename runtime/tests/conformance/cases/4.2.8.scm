; Quasiquotation.

`(list ,(+ 1 2) 4)
=> (list 3 4)

(let ((name 'a)) `(list ,name ',name))
=> (list a (quote a))

`(a ,(+ 1 2) ,@(map abs '(4 -5 6)) b)
=> (a 3 4 5 6 b)

`((foo ,(- 10 3)) ,@(cdr '(c)) . ,(car '(cons)))
=> ((foo 7) . cons)

`#(10 5 ,(sqrt 4) ,@(map sqrt '(16 9)) 8)
=> #(10 5 2 4 3 8)

; A name that begins with @ needs bars, as the formal syntax of R7RS says.
(let ((foo '(foo bar)) (|@baz| 'baz)) `(list ,@foo ,|@baz|))
=> (list foo bar baz)

; What is spliced last may be any value.
`(1 ,@2)
=> (1 . 2)

`(1 ,@'())
=> (1)

`(1 . ,(+ 1 1))
=> (1 . 2)

; Levels nest: each quasiquote within waits for an unquote more.
`(a `(b ,(c ,(+ 1 2))))
=> (a (quasiquote (b (unquote (c 3)))))

`(a `(b ,(foo ,(+ 1 3) d) e) f)
=> (a (quasiquote (b (unquote (foo 4 d)) e)) f)

(let ((name1 'x) (name2 'y)) `(a `(b ,,name1 ,',name2 d) e))
=> (a (quasiquote (b (unquote x) (unquote (quote y)) d)) e)

`,(+ 1 2)
=> 3

`5
=> 5

`x
=> x

(quasiquote (list (unquote (+ 1 2)) 4))
=> (list 3 4)

'(quasiquote (list (unquote (+ 1 2)) 4))
=> (quasiquote (list (unquote (+ 1 2)) 4))

`(1 ```,,@,,@(list (+ 1 2)) 4)
=> E0202 at ,@(list (+ 1 2))

`(1 ,@2 3)
=> E0502 at (1 ,@2 3)

,x
=> E0202 at ,

(quasiquote (1 (unquote-splicing (list 2 3)) 4))
=> (1 2 3 4)

`(,@'(1 2) ,@'() . 3)
=> (1 2 . 3)

`(1 . #(2 ,(+ 1 2)))
=> (1 . #(2 3))

; What has nothing to fill in is as if quoted.
(equal? `(1 (2 #(3)) "x") '(1 (2 #(3)) "x"))
=> #t
