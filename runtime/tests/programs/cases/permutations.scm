; at: a=1.2 b=0.7 c=2.0
; value: 1.05
; gradient: a=0.0 b=-1.0 c=1.0
; at: a=1.2 b=0.714 c=2.04
; value: 1.0761960000000002
; gradient: a=-0.028000000000000025 b=-0.972 c=1.0
; at: a=1.2 b=0.686 c=1.94
; value: 1.0041959999999999
; gradient: a=0.027999999999999803 b=-1.0279999999999998 c=1.0
; at: a=1.2 b=0.693 c=2.08
; value: 1.1370490000000002
; gradient: a=0.014000000000000012 b=-1.014 c=1.0
; at: a=1.2 b=0.735 c=1.98
; value: 0.996225
; gradient: a=-0.07000000000000006 b=-0.9299999999999999 c=1.0
(define (without x l) (cond ((null? l) l) ((eq? x (car l)) (cdr l)) (else (cons (car l) (without x (cdr l))))))
(define (permutations l)
  (if (null? l)
      '(())
      (append-map (lambda (x) (map (lambda (p) (cons x p)) (permutations (without x l)))) l)))
(define (length-of tour)
  (let ((place (lambda (t) (cdr (assq t (list (cons 'p a) (cons 'q b) (cons 'r c)))))))
    (+ (abs (- (place (car tour)) (place (cadr tour))))
       (square (- (place (cadr tour)) (place (caddr tour)))))))
(apply min (map length-of (permutations '(p q r))))
