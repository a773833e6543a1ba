; Whitespace and comments.

(+ 1 ; to the end of the line ) 5
   2)
=> 3

(+ 1 #| between bars #| nested |# still out |# 2)
=> 3

(+ 1 #;(error "left out") 2)
=> 3

(list 1 #; 2 3 #;#;4 5 6)
=> (1 3 6)

'(1 #|a|# . #;2 3)
=> (1 . 3)

(quote	(tabs	and

  lines))
=> (tabs and lines)

; What surrounds a token needs no space.
(list"a"'b(quote c)1)
=> ("a" b c 1)

(+ 1 #| not closed
=> E0108 at #|
