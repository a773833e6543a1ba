; Derived forms mean the same where the names that they could be made of are bound otherwise.

(let ((cons -) (list vector) (append max)) `(1 ,(+ 1 1) ,@'(3 4)))
=> (1 2 3 4)

(let ((list->vector car) (list cdr) (cons 1)) `#(1 ,(+ 1 1) ,@'(3)))
=> #(1 2 3)

(let ((memv #f) (eqv? #f) (eq? #f) (if #f)) (case 2 ((1 2) 'low) (else 'high)))
=> low

(let ((if list) (let 1) (begin 2)) (cond (#f 1) ((assv 2 '((2 two))) => cadr) (else 3)))
=> two

(define (not x) x)
(unless #f 'ran)
=> ran

(let ((let list) (lambda 1) (letrec 2)) (do ((i 0 (+ i 1))) ((= i 3) i)))
=> 3

(let ((letrec 1) (lambda 2)) (let loop ((i 0)) (if (< i 3) (loop (+ i 1)) i)))
=> 3

(let ((call-with-values list) (lambda 1) (apply 2)) (let-values (((a . b) (values 1 2 3))) (list a b)))
=> (1 (2 3))

(let ((values list)) (call-with-values (lambda () 5) list))
=> (5)

(let ((length 0) (apply 1) (error 2)) ((case-lambda ((a) 'one) ((a . r) r)) 1 2))
=> (2)

(let ((let 1) (if 2) (x 3)) (or #f x))
=> 3

; or and the like bind nothing that a program can see.
(let ((t 5) (tmp 6) (x 7)) (list (or #f t) (or #f tmp) (let* ((x x)) (or #f x))))
=> (5 6 7)

(define (map f l) 'mine)
(list (map 1 2) (vector-map - '#(1)))
=> (mine #(-1))

(define (reverse l) (error "not called"))
(fold-right cons '() '(1 2))
=> (1 2)
r7rs => -
