; at: a=1.4 b=0.3
; value: 1.035
; gradient: a=0.275 b=1.7
; at: a=1.428 b=0.306
; value: 1.052984
; gradient: a=0.278 b=1.714
; at: a=1.358 b=0.294
; value: 1.013376
; gradient: a=0.272 b=1.679
; at: a=1.456 b=0.297
; value: 1.045216
; gradient: a=0.27349999999999997 b=1.728
; at: a=1.386 b=0.315
; value: 1.056545
; gradient: a=0.2825 b=1.693
(define (rank h) (if (null? h) 0 (car h)))
(define (make x l r) (if (< (rank l) (rank r)) (list (+ 1 (rank l)) x r l) (list (+ 1 (rank r)) x l r)))
(define (meld g h)
  (cond ((null? g) h)
        ((null? h) g)
        ((< (cadr g) (cadr h)) (make (cadr g) (caddr g) (meld (cadddr g) h)))
        (else (make (cadr h) (caddr h) (meld g (cadddr h))))))
(define heap (fold (lambda (x h) (meld (list 1 x '() '()) h)) '() (list a 2 b 0.9 (* a b))))
(let pop ((h heap) (w 1)) (if (null? h) 0 (+ (* w (cadr h)) (pop (meld (caddr h) (cadddr h)) (* 0.5 w)))))
