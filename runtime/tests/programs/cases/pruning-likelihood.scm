; at: rate=0.7 pi0=0.4
; value: -2.868336884528708
; gradient: rate=0.34719085184608145 pi0=2.2376642129152775
; at: rate=0.714 pi0=0.408
; value: -2.84594236563963
; gradient: rate=0.3224309336279867 pi0=2.189768418595954
; at: rate=0.679 pi0=0.392
; value: -2.8941264569509557
; gradient: rate=0.38395524045725365 pi0=2.29197118695173
; at: rate=0.728 pi0=0.396
; value: -2.8680827727627447
; gradient: rate=0.3113412529334454 pi0=2.2397244830580476
; at: rate=0.693 pi0=0.42
; value: -2.8269385104007285
; gradient: rate=0.345556781526477 pi0=2.145821913014059
; Felsenstein: the likelihood of a two-letter site on a tree of (branch . subtree) pairs.
(define (same t) (+ 0.5 (* 0.5 (exp (* -2 rate t)))))
(define (along t l)
  (let ((p (same t)))
    (cons (+ (* p (car l)) (* (- 1 p) (cdr l))) (+ (* (- 1 p) (car l)) (* p (cdr l))))))
(define (likelihood tree)
  (case tree
    ((A) '(1 . 0))
    ((B) '(0 . 1))
    (else (let ((left (along (caar tree) (likelihood (cdar tree))))
                (right (along (caadr tree) (likelihood (cdadr tree)))))
            (cons (* (car left) (car right)) (* (cdr left) (cdr right)))))))
(let ((root (likelihood '((0.1 . ((0.3 . A) (0.2 . A))) (0.4 . ((0.5 . B) (0.1 . A)))))))
  (log (+ (* pi0 (car root)) (* (- 1 pi0) (cdr root)))))
