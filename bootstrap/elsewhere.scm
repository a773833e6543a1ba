;; What evaluator.scm needs of another Scheme: three primitives and numbers without exactness. See elsewhere.sh.

;; The program that is run and what it needs are evaluated in the Scheme's own top level.
(define here (cond-expand (guile (current-module)) (else (the-environment))))

;; A number is inexact; indices and counts are made exact for the primitives that want them so, and where variables are,
;; and how many ribs are packed, is told by exact ones.
(define (inexact-all x)
  (cond ((number? x) (exact->inexact x))
        ((and (pair? x) (memq (car x) '(variable procedure))) x)
        ((and (pair? x) (eq? (car x) 'let)) (list 'let (map counts-kept (cadr x)) (inexact-all (caddr x))))
        ((pair? x) (cons (inexact-all (car x)) (inexact-all (cdr x))))
        ((vector? x) (list->vector (inexact-all (vector->list x))))
        (else x)))
(define (counts-kept binding) (if (pair? binding) (inexact-all binding) binding))
(define (whole x) (if (and (number? x) (integer? x)) (inexact->exact x) x))
(define (counted f) (lambda operands (inexact-all (apply f (map whole operands)))))
(define (number-of x) (if (boolean? x) (if x 1. 0.) x))
(define (numeric f) (lambda operands (inexact-all (apply f (map number-of operands)))))

(define (same? a b)
  (if (and (number? a) (number? b)) (= a b) (equal? a b)))
(define (member-of same)
  (lambda (x l) (let loop ((l l)) (cond ((null? l) #f) ((same x (car l)) l) (else (loop (cdr l)))))))
(define (entry-of same)
  (lambda (x l) (let loop ((l l)) (cond ((null? l) #f) ((same x (caar l)) (car l)) (else (loop (cdr l)))))))
(define (equal-all? a b)
  (cond ((and (pair? a) (pair? b)) (and (equal-all? (car a) (car b)) (equal-all? (cdr a) (cdr b))))
        ((and (vector? a) (vector? b)) (equal-all? (vector->list a) (vector->list b)))
        (else (same? a b))))

(define primitives
  (append
   (map (lambda (name) (cons name (numeric (eval name here))))
        '(+ - * / abs min max sqrt exp log expt sin cos tan asin acos atan floor ceiling round truncate))
   (map (lambda (name) (cons name (eval name here)))
        '(= < > <= >= not boolean? zero? positive? negative? number? integer? even? odd?
          cons car cdr caar cadr cdar cddr caadr caddr cdadr cdddr cadddr list pair? null? list? append reverse
          apply values symbol? string? char? procedure? symbol->string string->symbol string-append string=? string<? char=?
          vector vector? vector->list list->vector string->list list->string error call-with-values))
   (map (lambda (name) (cons name (counted (eval name here))))
        '(length list-ref list-tail vector-ref vector-length make-vector string-length string-ref substring
          iota make-list quotient modulo remainder))
   (list (cons 'square (numeric (lambda (x) (* x x))))
         (cons 'tanh (numeric (lambda (x) (let ((y (exp (* 2 x)))) (/ (- y 1) (+ y 1))))))
         (cons '%wrong-type (lambda operands (error "wrong type" operands)))
         (cons '%wrong-count (lambda operands (error "wrong number of values" operands)))
         (cons 'sigmoid (numeric (lambda (x) (/ 1 (+ 1 (exp (- x)))))))
         (cons 'last (lambda (l) (car (reverse l))))
         (cons 'cube (numeric (lambda (x) (* x x x))))
         (cons 'eq? same?) (cons 'eqv? same?) (cons 'equal? equal-all?)
         (cons 'memq (member-of same?)) (cons 'memv (member-of same?)) (cons '%member (member-of equal-all?))
         (cons 'assq (entry-of same?)) (cons 'assv (entry-of same?)) (cons '%assoc (entry-of equal-all?)))))

(define (%primitive name)
  (let ((found (assq name primitives))) (and found (cdr found))))
(define (%apply-at place f operands) (apply f operands))
(define (%wrong-arity name n rest? operands) (error "wrong number of arguments" name))

(define (read-all file)
  (call-with-input-file file
    (lambda (port)
      (let loop ((data '()))
        (let ((datum (read port))) (if (eof-object? datum) (reverse data) (loop (cons datum data))))))))

;; The file's last expression is the evaluator.
(define evaluator
  (let loop ((forms (read-all "evaluator.scm")))
    (if (null? (cdr forms)) (eval (car forms) here) (begin (eval (car forms) here) (loop (cdr forms))))))

;; Primitives that another Scheme lacks are arrays, derivatives and rarer functions.
(define (lacks? x)
  (cond ((symbol? x) (not (%primitive x)))
        ((not (pair? x)) #f)
        ((memq (car x) '(quote variable procedure)) #f)
        ((memq (car x) '(if begin)) (any-lacks? (cdr x)))
        ((memq (car x) '(let fix)) (or (any-lacks? (map part (cadr x))) (lacks? (caddr x))))
        ((eq? (car x) 'lambda) (lacks? (list-ref x 5)))
        (else (any-lacks? x))))
(define (part binding) (if (pair? binding) (cadr binding) binding))
(define (any-lacks? l) (and (pair? l) (or (lacks? (car l)) (any-lacks? (cdr l)))))

;; Elementary functions are each system's own, to the last bits.
(define (close? a b)
  (or (= a b) (< (abs (- a b)) (* 1e-12 (max (abs a) (abs b))))))

(define agree 0)
(define lacking 0)
(define wrong 0)
(for-each
 (lambda (program)
   (let ((name (car program)) (datum (inexact-all (cadr program))) (operands (inexact-all (caddr program))))
     (if (lacks? datum)
         (set! lacking (+ lacking 1))
         (let ((value (apply (evaluator datum) operands)))
           (if (close? value (cadddr program))
               (set! agree (+ agree 1))
               (begin
                 (set! wrong (+ wrong 1))
                 (for-each display (list name " gives " value ", not " (cadddr program)))
                 (newline)))))))
 (read-all "programs.scm"))
(for-each display (list agree " agree, " wrong " do not, " lacking " use primitives that are not here"))
(newline)
(exit (if (and (= wrong 0) (> agree 80)) 0 1))
