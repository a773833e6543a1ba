; at: s=1.2 z=0.5
(define zero (lambda (f) (lambda (x) x)))
(define (succ n) (lambda (f) (lambda (x) (f ((n f) x)))))
(define (add m n) (lambda (f) (lambda (x) ((m f) ((n f) x)))))
(define (mul m n) (lambda (f) (m (n f))))
(define two (succ (succ zero)))
(define three (succ two))
(((add (mul two three) three) (lambda (x) (sin (* s x)))) z)
