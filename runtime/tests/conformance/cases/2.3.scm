; Other notations.

(list #t #f #true #false)
=> (#t #f #t #f)

(let ((x 1)) '(x 'y `z ,w ,@v))
=> (x (quote y) (quasiquote z) (unquote w) (unquote-splicing v))

(eq? (car ''a) 'quote)
=> #t

'#(1 #(2) "c" #\d)
=> #(1 #(2) "c" #\d)

#(a b)
=> #(a b)

'(a . (b . (c . ())))
=> (a b c)

'(a b . c)
=> (a b . c)

(list #e1.0 #i5 #x-Ff #b101 #o17 #d10 #x#e1f #e#b11)
=> (1 5 -255 5 15 10 31 3)

(list #\a #\space #\( #\x41)
=> (#\a #\space #\( #\A)

; Brackets make numeric vectors.
(+ (ref [1 2 3] 0) (vlen [1 2 3]))
=> 4
r7rs => -

(list 1 2))
=> E0102 at )

(list 1 2
=> E0101 at (

'(a . b c)
=> E0106 at c

'(. a)
=> E0106 at .
