; at: s=1.2 z=0.5
; value: 0.8399244401970379
; gradient: s=1.4274123516898638 z=0.11090963956553204
(define zero (lambda (f) (lambda (x) x)))
(define (succ n) (lambda (f) (lambda (x) (f ((n f) x)))))
(define (add m n) (lambda (f) (lambda (x) ((m f) ((n f) x)))))
(define (mul m n) (lambda (f) (m (n f))))
(define two (succ (succ zero)))
(define three (succ two))
(((add (mul two three) three) (lambda (x) (sin (* s x)))) z)
