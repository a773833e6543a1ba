; Booleans.

(list #t #f '#f)
=> (#t #f #f)

(list (not 3) (not (list 3)) (not #f) (not '()) (not (list)) (not 'nil) (not 0))
=> (#f #f #t #f #f #f #f)

(list (boolean? #f) (boolean? 0) (boolean? '()) (boolean? #t))
=> (#t #f #f #t)

(list (boolean=? #t #t) (boolean=? #t #f) (boolean=? #f #f #f) (boolean=? #f #f #t))
=> (#t #f #t #f)

(boolean=? #t 1)
=> E0502 at (boolean=? #t 1)

; In arithmetic a boolean counts as 1 or 0.
(+ 1 (* #t 5) #f)
=> 6
r7rs => -

(not)
=> E0401 at not
