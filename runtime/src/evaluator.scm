;; The evaluator: turns a program into a procedure, by analysis to closures.
;;
;; A program is data, with every derived form gone and no name bound twice:
;;   name   constant   (quote datum)   (if test then else)   (begin part ...)
;;   (let ((name part) ...) body)      (fix ((name lambda) ...) body)
;;   (lambda f n rest? (name ...) body)        f is for messages, n counts the fixed names
;;   (operator operand ...)
;;
;; Analysis happens once. It gives a procedure of the environment, in which nothing is looked up by
;; name any more: a scope is a list of ribs (recursive? name ...), an environment has for each rib a
;; list of the values. Interpreted procedures are procedures like any other.

(define (analyze x scope)
  (cond ((symbol? x) (analyze-name x scope 0))
        ((not (pair? x)) (lambda (env) x))
        ((eq? (car x) 'quote) (let ((datum (cadr x))) (lambda (env) datum)))
        ((eq? (car x) 'if)
         (analyze-if (analyze (cadr x) scope) (analyze (caddr x) scope) (analyze (cadddr x) scope)))
        ((eq? (car x) 'begin) (analyze-begin (analyze-all (cdr x) scope)))
        ((eq? (car x) 'let) (analyze-let (cadr x) (caddr x) scope))
        ((eq? (car x) 'fix)
         (analyze-fix (each cadr (cadr x)) (caddr x) (cons (cons #t (each car (cadr x))) scope)))
        ((eq? (car x) 'lambda) (apply analyze-lambda scope (cdr x)))
        (else (analyze-call x (analyze (car x) scope) (analyze-all (cdr x) scope)))))

(define (analyze-all parts scope)
  (each (lambda (part) (analyze part scope)) parts))

;; A name is found by counting ribs and, in the rib, names; what no rib has is a primitive.
(define (analyze-name x scope depth)
  (if (null? scope)
      (let ((value (%primitive x)))
        (if value (lambda (env) value) (error "unbound variable" x)))
      (let ((i (index x (cdr (car scope)) 0)))
        (cond ((not i) (analyze-name x (cdr scope) (+ depth 1)))
              ((car (car scope)) (lambda (env) (procedure-of i (list-tail env depth))))
              (else (lambda (env) (list-ref (list-ref env depth) i)))))))

;; Only the side that is taken is ever evaluated.
(define (analyze-if test then else)
  (lambda (env) (if (test env) (then env) (else env))))

(define (analyze-begin parts)
  (cond ((null? parts) (lambda (env) (if #f #f)))
        ((null? (cdr parts)) (car parts))
        (else (let ((first (car parts)) (rest (analyze-begin (cdr parts))))
                (lambda (env) (first env) (rest env))))))

;; Bindings in order: each sees those before it, a rib for each.
(define (analyze-let bindings body scope)
  (if (null? bindings)
      (analyze body scope)
      (let* ((value (analyze (cadr (car bindings)) scope))
             (body (analyze-let (cdr bindings) body (cons (list #f (car (car bindings))) scope))))
        (lambda (env) (body (cons (list (value env)) env))))))

;; Procedures that know each other share an environment, but none is in it: the rib holds what makes
;; them, and each mention makes one. So no cycle is ever needed.
(define (analyze-fix lambdas body scope)
  (let ((makers (analyze-all lambdas scope)) (body (analyze body scope)))
    (lambda (env) (body (cons makers env)))))

(define (procedure-of i env) ((list-ref (car env) i) env))

;; The list of arguments is the frame, with those beyond the fixed ones gathered in a list.
(define (analyze-lambda scope f n rest? names body)
  (let ((body (analyze body (cons (cons #f names) scope))))
    (if rest?
        (lambda (env)
          (lambda arguments
            (if (< (length arguments) n)
                (%wrong-arity f n #t arguments)
                (body (cons (gather arguments n) env)))))
        (lambda (env)
          (lambda arguments
            (if (= (length arguments) n)
                (body (cons arguments env))
                (%wrong-arity f n #f arguments)))))))

;; Errors of a call are placed where the call was read. Calls with one or two operands are so common
;; that they are spared the loop over them.
(define (analyze-call x operator operands)
  (case (length operands)
    ((1) (let ((a (car operands)))
           (lambda (env)
             (let* ((f (operator env)) (a (a env)))
               (%apply-at x f (list a))))))
    ((2) (let ((a (car operands)) (b (cadr operands)))
           (lambda (env)
             (let* ((f (operator env)) (a (a env)) (b (b env)))
               (%apply-at x f (list a b))))))
    (else (lambda (env)
            (let ((f (operator env)))
              (%apply-at x f (run operands env)))))))

;; Values of the parts, left to right.
(define (run parts env)
  (if (null? parts)
      '()
      (let ((value ((car parts) env)))
        (cons value (run (cdr parts) env)))))

(define (each f l) (if (null? l) '() (cons (f (car l)) (each f (cdr l)))))

(define (index x names i)
  (cond ((null? names) #f)
        ((eq? x (car names)) i)
        (else (index x (cdr names) (+ i 1)))))

(define (gather l n) (if (= n 0) (list l) (cons (car l) (gather (cdr l) (- n 1)))))

(lambda (program) ((analyze program '()) '()))
