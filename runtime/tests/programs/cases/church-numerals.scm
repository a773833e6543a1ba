; at: s=1.2 z=0.5
; value: 0.8399244401970379
; gradient: s=1.4274123516898638 z=0.11090963956553204
; at: s=1.224 z=0.51
; value: 0.8718772280668298
; gradient: s=1.1684807601742726 z=0.06854260948109646
; at: s=1.164 z=0.49
; value: 0.7792687178939045
; gradient: s=1.8660441340915765 z=0.19686187184307724
; at: s=1.248 z=0.495
; value: 0.8966720673156391
; gradient: s=0.9746704873922966 z=0.04839932820680438
; at: s=1.188 z=0.525
; value: 0.8250638523324545
; gradient: s=1.5154958273647305 z=0.1126837056885012
(define zero (lambda (f) (lambda (x) x)))
(define (succ n) (lambda (f) (lambda (x) (f ((n f) x)))))
(define (add m n) (lambda (f) (lambda (x) ((m f) ((n f) x)))))
(define (mul m n) (lambda (f) (m (n f))))
(define two (succ (succ zero)))
(define three (succ two))
(((add (mul two three) three) (lambda (x) (sin (* s x)))) z)
