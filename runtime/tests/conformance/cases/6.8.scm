; Vectors. They never change.

(list (vector? '#(1)) (vector? '(1)) (vector? '#()) (vector? "a"))
=> (#t #f #t #f)

(vector-length '#(0 (2 2 2 2) "Anna"))
=> 3

(list (make-vector 3 'a) (make-vector 0) (vector-length (make-vector 2)))
=> (#(a a a) #() 2)

(list (vector 'a 'b 'c) (vector))
=> (#(a b c) #())

(list (vector-ref '#(1 1 2 3 5 8 13 21) 5) (vector-ref '#(1 1 2 3 5 8 13 21) (exact (round (* 2 (acos -1))))))
=> (8 13)

(vector-ref '#(1 2) 2)
=> E0701 at (vector-ref '#(1 2) 2)

(vector-ref '(1 2) 0)
=> E0502 at (vector-ref '(1 2) 0)

(list (vector->list '#(dah dah didah)) (vector->list '#(dah dah didah) 1) (vector->list '#(dah dah didah) 1 2))
=> ((dah dah didah) (dah didah) (dah))

(list (list->vector '(dididit dah)) (list->vector '()))
=> (#(dididit dah) #())

(list->vector '(1 . 2))
=> E0502 at (list->vector '(1 . 2))

(list (string->vector "ABC") (string->vector "ABC" 1) (string->vector "ABC" 1 2))
=> (#(#\A #\B #\C) #(#\B #\C) #(#\B))

(list (vector->string '#(#\1 #\2 #\3)) (vector->string '#(#\1 #\2 #\3) 1) (vector->string '#(#\1 #\2 #\3) 0 2))
=> ("123" "23" "12")

(vector->string '#(1))
=> E0502 at (vector->string '#(1))

(list (vector-copy '#(a b c)) (vector-copy '#(a b c) 1) (vector-copy '#(a b c) 1 2) (vector-copy '#()))
=> (#(a b c) #(b c) #(b) #())

(vector-copy '#(a b) 3)
=> E0701 at (vector-copy '#(a b) 3)

(list (vector-append '#(a b c) '#(d e f)) (vector-append) (vector-append '#(1) '#() '#(2 3)))
=> (#(a b c d e f) #() #(1 2 3))

; vector-fill gives a new vector.
(let* ((a (vector 1 2 3 4 5)) (b (vector-fill a 'smash 2 4))) (list a b))
=> (#(1 2 3 4 5) #(1 2 smash smash 5))
r7rs => -

(vector-set! (vector 0) 0 1)
=> E0204 at vector-set!

(vector-fill! (vector 1 2) 0)
=> E0204 at vector-fill!

(vector-copy! (vector 1 2) 0 '#(3))
=> E0204 at vector-copy!
