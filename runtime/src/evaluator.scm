;; The evaluator: turns a program into a procedure, by analysis to closures.
;;
;; A program is data, with every derived form gone:
;;   constant   (quote datum)   (if test then else)   (begin part ...)
;;   (let ((name part) ...) body)      (fix ((name lambda) ...) body)
;;   (lambda f n rest? (name ...) body)        f is for messages, n counts the fixed names
;;   (variable name rib . i)   (procedure name rib . i)        of a let or lambda, of a fix
;;   (procedure name rib)                                      of a fix of that one procedure
;;   primitive   (operator operand ...)
;;
;; Analysis happens once. It gives a procedure of the environment, in which nothing is looked up by
;; name: an environment is a list of ribs, a lambda or fix opens one, a let one for each binding, and
;; a rib is the list of its values. Ribs are counted from the outermost in the program; depth is how
;; many are open. Interpreted procedures are procedures like any other.
;;
;; No value is far, however many there are. A lambda with many names, #(name ...), has a vector as its
;; rib. Among the bindings of a long let stands here and there a number: so many ribs are packed into
;; one, a vector of them. (variable name rib i ...) is the way through vectors.

(define (analyze x depth)
  (cond ((symbol? x) (analyze-primitive x))               ; a primitive, by its name
        ((not (pair? x)) (lambda (env) x))                ; a constant stands for itself
        ((eq? (car x) 'variable)                          ; what a let or lambda bound
         (analyze-variable (- depth 1 (caddr x)) (cdddr x)))
        ((eq? (car x) 'procedure)                         ; what a fix bound
         (analyze-procedure (- depth 1 (caddr x)) (cdddr x)))
        ((eq? (car x) 'quote)                             ; data, as it was read
         (let ((datum (cadr x))) (lambda (env) datum)))
        ((eq? (car x) 'if)                                ; one of two sides
         (analyze-if (analyze (cadr x) depth) (analyze (caddr x) depth) (analyze (cadddr x) depth)))
        ((eq? (car x) 'begin)                             ; the value of the last part
         (analyze-begin (analyze-all (cdr x) depth)))
        ((eq? (car x) 'let)                               ; names for values, one after the other
         (analyze-let (cadr x) (caddr x) depth))
        ((eq? (car x) 'fix)                               ; names for procedures, which know each other
         (analyze-fix (cadr x) (caddr x) (+ depth 1)))
        ((eq? (car x) 'lambda)                            ; a procedure of the language it is written in
         (apply analyze-lambda (+ depth 1) (cdr x)))
        (else                                             ; a call
         (analyze-call x (analyze (car x) depth) (analyze-all (cdr x) depth)))))

(define (analyze-all parts depth)
  (each (lambda (part) (analyze part depth)) parts))

(define (analyze-primitive x)
  (let ((value (%primitive x)))
    (if value (lambda (env) value) (error "unbound variable" x))))

;; Where a value lies is known: so many ribs further out, and in that rib the i-th.
(define (analyze-variable out i)
  (cond ((pair? i) (lambda (env) (follow i (list-ref env out))))
        ((= out 0) (lambda (env) (list-ref (car env) i)))
        (else (lambda (env) (list-ref (list-ref env out) i)))))

(define (follow way rib) (if (null? way) rib (follow (cdr way) (vector-ref rib (car way)))))

(define (analyze-procedure out i)
  (if (null? i)
      (lambda (env) (list-ref env out))
      (lambda (env) (procedure-of i (list-tail env out)))))

;; Only the side that is taken is ever evaluated.
(define (analyze-if test then else)
  (lambda (env) (if (test env) (then env) (else env))))

(define (analyze-begin parts)
  (cond ((null? parts) (lambda (env) (if #f #f)))
        ((null? (cdr parts)) (car parts))
        (else (let ((first (car parts)) (rest (analyze-begin (cdr parts))))
                (lambda (env) (first env) (rest env))))))

;; Bindings in order: each sees those before it, a rib for each.
(define (analyze-let bindings body depth)
  (cond ((null? bindings) (analyze body depth))
        ((number? (car bindings))
         (let* ((n (car bindings)) (body (analyze-let (cdr bindings) body (- depth (- n 1)))))
           (lambda (env) (body (pack n env '())))))
        (else
         (let* ((value (analyze (cadr (car bindings)) depth))
                (body (analyze-let (cdr bindings) body (+ depth 1))))
           (lambda (env) (body (cons (list (value env)) env)))))))

;; The n innermost ribs as one. The list of one value goes as that value.
(define (pack n env packed)
  (if (= n 0)
      (cons (list->vector packed) env)
      (let ((rib (car env)))
        (pack (- n 1) (cdr env) (cons (if (pair? rib) (car rib) rib) packed)))))

;; A procedure that is bound alone is the rib, and finds itself there when it is called.
(define (analyze-fix bindings body depth)
  (if (null? (cdr bindings))
      (let ((maker (apply analyze-own (+ depth 1) (cdr (cadr (car bindings))))) (body (analyze body depth)))
        (lambda (env) (body (cons (maker env) env))))
      (analyze-several (each cadr bindings) body depth)))

;; Procedures that know each other share an environment, but none is in it: the rib holds what makes
;; them, and each mention makes one. So no cycle is ever needed.
(define (analyze-several lambdas body depth)
  (let ((makers (list->vector (analyze-all lambdas depth))) (body (analyze body depth)))
    (lambda (env) (body (cons makers env)))))

(define (procedure-of i env) ((vector-ref (car env) i) env))

;; The list of arguments is the frame, with those beyond the fixed ones gathered in a list.
(define (analyze-lambda depth f n rest? names body)
  (let ((body (analyze-body depth names body)))
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

;; The same with a rib for the procedure itself.
(define (analyze-own depth f n rest? names body)
  (let ((body (analyze-body depth names body)))
    (if rest?
        (lambda (env)
          (define (own . arguments)
            (if (< (length arguments) n)
                (%wrong-arity f n #t arguments)
                (body (cons (gather arguments n) (cons own env)))))
          own)
        (lambda (env)
          (define (own . arguments)
            (if (= (length arguments) n)
                (body (cons arguments (cons own env)))
                (%wrong-arity f n #f arguments)))
          own))))

(define (analyze-body depth names body)
  (if (vector? names) (on-a-vector (analyze body depth)) (analyze body depth)))

(define (on-a-vector body) (lambda (env) (body (cons (list->vector (car env)) (cdr env)))))

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

(define (gather l n) (if (= n 0) (list l) (cons (car l) (gather (cdr l) (- n 1)))))

(lambda (program) ((analyze program 0) '()))
