;; The prelude: procedures of the language that are written in it.
;;
;; A definition each, with what it takes, gives and refuses. Names that start with % are for the
;; procedures here alone. A program gets those that it mentions, and what they need.

;; (map f l1 l2 ...): the list of what f gives for the items of the lists, side by side, first to last.
;; Ends with the shortest list. A type error, if one that ends first is no list.
(define (map f l . more)
  (cond ((null? more) (%map-1 f l '()))
        ((null? (cdr more)) (%map-2 f l (car more) '()))
        (else (%map-all f (cons l more) '()))))

;; (%map-1 f l done): what f gives for the items of l, after those done, last first.
(define (%map-1 f l done)
  (cond ((pair? l) (%map-1 f (cdr l) (cons (f (car l)) done)))
        ((null? l) (reverse done))
        (else (%wrong-type 'map "a list" l))))

;; (%map-2 f a b done): the same for two lists.
(define (%map-2 f a b done)
  (cond ((pair? a)
         (cond ((pair? b) (%map-2 f (cdr a) (cdr b) (cons (f (car a) (car b)) done)))
               ((null? b) (reverse done))
               (else (%wrong-type 'map "a list" b))))
        ((null? a) (reverse done))
        (else (%wrong-type 'map "a list" a))))

;; (%map-all f lists done): the same for any number of lists.
(define (%map-all f lists done)
  (if (%all-pairs? 'map lists)
      (%map-all f (%cdrs lists) (cons (apply f (%cars lists)) done))
      (reverse done)))

;; (for-each f l1 l2 ...): calls f as map does, for nothing.
(define (for-each f l . more)
  (if (null? more)
      (%for-each-1 f l)
      (%for-each-all f (cons l more))))

;; (%for-each-1 f l): calls f with each item of l.
(define (%for-each-1 f l)
  (cond ((pair? l) (f (car l)) (%for-each-1 f (cdr l)))
        ((not (null? l)) (%wrong-type 'for-each "a list" l))))

;; (%for-each-all f lists): calls f with the items of the lists, side by side.
(define (%for-each-all f lists)
  (when (%all-pairs? 'for-each lists)
    (apply f (%cars lists))
    (%for-each-all f (%cdrs lists))))

;; (append-map f l1 l2 ...): the lists that map gives, in one.
(define (append-map f l . more)
  (apply append (apply map f l more)))

;; (filter keep? l): the items of l for which keep? holds, in their order.
(define (filter keep? l)
  (%filter keep? l '()))

;; (%filter keep? l done): the same after those done, last first.
(define (%filter keep? l done)
  (cond ((pair? l) (%filter keep? (cdr l) (if (keep? (car l)) (cons (car l) done) done)))
        ((null? l) (reverse done))
        (else (%wrong-type 'filter "a list" l))))

;; (fold f start l1 l2 ...): f of the items, first to last, and what has come of those before; start
;; before the first. Ends with the shortest list.
(define (fold f start l . more)
  (if (null? more)
      (%fold-1 f start l)
      (%fold-all f start (cons l more))))

;; (%fold-1 f start l): the same for one list.
(define (%fold-1 f start l)
  (cond ((pair? l) (%fold-1 f (f (car l) start) (cdr l)))
        ((null? l) start)
        (else (%wrong-type 'fold "a list" l))))

;; (%fold-all f start lists): the same for any number of lists.
(define (%fold-all f start lists)
  (if (%all-pairs? 'fold lists)
      (%fold-all f (apply f (append (%cars lists) (list start))) (%cdrs lists))
      start))

;; (fold-left f start l1 l2 ...): f of what has come of the items before, and the items, first to last;
;; start before the first. Ends with the shortest list.
(define (fold-left f start l . more)
  (if (null? more)
      (%fold-left-1 f start l)
      (%fold-left-all f start (cons l more))))

;; (%fold-left-1 f start l): the same for one list.
(define (%fold-left-1 f start l)
  (cond ((pair? l) (%fold-left-1 f (f start (car l)) (cdr l)))
        ((null? l) start)
        (else (%wrong-type 'fold-left "a list" l))))

;; (%fold-left-all f start lists): the same for any number of lists.
(define (%fold-left-all f start lists)
  (if (%all-pairs? 'fold-left lists)
      (%fold-left-all f (apply f start (%cars lists)) (%cdrs lists))
      start))

;; (fold-right f start l1 l2 ...): f of the items, last to first, and what has come of those after;
;; start after the last. Ends with the shortest list.
(define (fold-right f start l . more)
  (if (null? more)
      (%fold-right-1 f start (%reversed 'fold-right l '()))
      (%fold-right-all f start (%reversed-rows 'fold-right (cons l more) '()))))

;; (%fold-right-1 f start reversed): the same for the items of one list, last first.
(define (%fold-right-1 f start reversed)
  (if (null? reversed)
      start
      (%fold-right-1 f (f (car reversed) start) (cdr reversed))))

;; (%fold-right-all f start rows): the same for lists of the items side by side, last first.
(define (%fold-right-all f start rows)
  (if (null? rows)
      start
      (%fold-right-all f (apply f (append (car rows) (list start))) (cdr rows))))

;; (reduce f none l): f of the items, from the second on, and what has come of those before; the only
;; item of a list of one, and none for the empty list.
(define (reduce f none l)
  (cond ((pair? l) (%reduce f (car l) (cdr l)))
        ((null? l) none)
        (else (%wrong-type 'reduce "a list" l))))

;; (%reduce f before l): the same, where before has come of the items before those of l.
(define (%reduce f before l)
  (cond ((pair? l) (%reduce f (f (car l) before) (cdr l)))
        ((null? l) before)
        (else (%wrong-type 'reduce "a list" l))))

;; (floor-quotient a b): the integer (a - (modulo a b)) / b, which is that below a/b; nan for b = 0.
(define (floor-quotient a b)
  (round (/ (- a (modulo a b)) b)))

;; (floor/ a b): (floor-quotient a b) and (modulo a b), as two values.
(define (floor/ a b)
  (values (floor-quotient a b) (modulo a b)))

;; (truncate/ a b): (quotient a b) and (remainder a b), as two values.
(define (truncate/ a b)
  (values (quotient a b) (remainder a b)))

;; (compose f ...): the procedure that calls the last f, the one before it with what that gives, and so
;; on to the first. The last may take any number of arguments; without any f, what is given is given back.
(define (compose . fs)
  (cond ((null? fs) (lambda (x) x))
        ((null? (cdr fs)) (car fs))
        (else (%compose (reverse fs)))))

;; (%compose fs): the same for at least two procedures, the first to be called first.
(define (%compose fs)
  (lambda arguments (%through (cdr fs) (apply (car fs) arguments))))

;; (%through fs x): x, given to the first of fs, what that gives to the next, and so on.
(define (%through fs x)
  (if (null? fs) x (%through (cdr fs) ((car fs) x))))

;; (member x l) and (member x l same?): the first tail of l whose item is equal? to x, or for which
;; (same? x item) holds, else #f.
(define member
  (case-lambda
    ((x l) (%member x l))
    ((x l same?) (%member-by x l same?))))

;; (%member-by x l same?): the same with a procedure.
(define (%member-by x l same?)
  (cond ((pair? l) (if (same? x (car l)) l (%member-by x (cdr l) same?)))
        ((null? l) #f)
        (else (%wrong-type 'member "a list" l))))

;; (assoc x l) and (assoc x l same?): the first pair of l whose car is equal? to x, or for which
;; (same? x car) holds, else #f.
(define assoc
  (case-lambda
    ((x l) (%assoc x l))
    ((x l same?) (%assoc-by x l same?))))

;; (%assoc-by x l same?): the same with a procedure.
(define (%assoc-by x l same?)
  (cond ((null? l) #f)
        ((not (pair? l)) (%wrong-type 'assoc "a list" l))
        ((not (pair? (car l))) (%wrong-type 'assoc "a list of pairs" l))
        ((same? x (caar l)) (car l))
        (else (%assoc-by x (cdr l) same?))))

;; (call-with-values producer consumer): consumer of the values that producer gives.
(define (call-with-values producer consumer)
  (apply consumer (%values->list (producer))))

;; (vector-map f v1 v2 ...): the vector of what f gives for the items of the vectors, side by side,
;; first to last. Ends with the shortest.
(define (vector-map f v . more)
  (list->vector
    (if (null? more)
        (%map-1 f (%vector-items 'vector-map v) '())
        (%map-all f (%map-1 (lambda (v) (%vector-items 'vector-map v)) (cons v more) '()) '()))))

;; (vector-for-each f v1 v2 ...): calls f as vector-map does, for nothing.
(define (vector-for-each f v . more)
  (if (null? more)
      (%for-each-1 f (%vector-items 'vector-for-each v))
      (%for-each-all f (%map-1 (lambda (v) (%vector-items 'vector-for-each v)) (cons v more) '()))))

;; (%vector-items who v): the list of a vector's items; a type error of who, if it is none.
(define (%vector-items who v)
  (if (vector? v) (vector->list v) (%wrong-type who "a vector" v)))

;; (string-map f s1 s2 ...): the string of the characters that f gives for those of the strings, side by
;; side, first to last. Ends with the shortest.
(define (string-map f s . more)
  (list->string
    (%characters
      (if (null? more)
          (%map-1 f (%string-items 'string-map s) '())
          (%map-all f (%map-1 (lambda (s) (%string-items 'string-map s)) (cons s more) '()) '())))))

;; (%characters l): l, if its items are characters; else a type error of string-map.
(define (%characters l)
  (%for-each-1
    (lambda (c) (unless (char? c) (%wrong-type 'string-map "a procedure that gives characters" c)))
    l)
  l)

;; (string-for-each f s1 s2 ...): calls f as string-map does, for nothing.
(define (string-for-each f s . more)
  (if (null? more)
      (%for-each-1 f (%string-items 'string-for-each s))
      (%for-each-all f (%map-1 (lambda (s) (%string-items 'string-for-each s)) (cons s more) '()))))

;; (%string-items who s): the list of a string's characters; a type error of who, if it is none.
(define (%string-items who s)
  (if (string? s) (string->list s) (%wrong-type who "a string" s)))

;; (%soft-choice alternatives logits temperature noise): what the form soft-choice gives; noise is #f for none.
(define (%soft-choice alternatives logits temperature noise)
  (let* ((logits (%numbers 'soft-choice logits (length alternatives)))
         (noised (if noise (map + logits (%numbers 'soft-choice noise (length alternatives))) logits))
         (scaled (map (lambda (x) (/ x temperature)) noised))
         (top (stop-gradient (apply max scaled)))
         (weights (map (lambda (x) (exp (- x top))) scaled)))
    (/ (apply + (map * weights alternatives)) (apply + weights))))

;; (grad f): a procedure of f's arguments that gives the gradient: shaped as the argument; for several
;; arguments, the list of their gradients. A type error, if f's value is not a number.
(define (grad f)
  (lambda (x . more)
    ((cadr (%number-vjp 'grad f (cons x more))) 1)))

;; (value-and-grad f): the same that gives the list of f's value and the gradient.
(define (value-and-grad f)
  (lambda (x . more)
    (let ((both (%number-vjp 'value-and-grad f (cons x more))))
      (list (car both) ((cadr both) 1)))))

;; (%number-vjp who f arguments): vjp, of an f whose value is a number; else a type error of who.
(define (%number-vjp who f arguments)
  (let ((both (apply vjp f arguments)))
    (if (number? (car both))
        both
        (%wrong-type who "a procedure whose value is a number" (car both)))))

;; (derivative f): for f of one number, a procedure that gives the derivative, shaped as f's value; of
;; a procedure, the procedure of the derivatives of its values.
(define (derivative f)
  (lambda (x)
    (if (number? x)
        (let ((tangents (cadr (jvp (lambda (x) (%differentiable (f x))) x 1))))
          (if (null? tangents)
              (lambda arguments ((derivative (lambda (x) (apply (f x) arguments))) x))
              (car tangents)))
        (%wrong-type 'derivative "a procedure of a number" x))))

;; (%differentiable y): the list of y, empty if y is a procedure.
(define (%differentiable y)
  (if (procedure? y) '() (list y)))

;; (jacobian f): for f of one argument, a procedure that gives the gradient of each number of f's
;; value: of a number itself, of a list a list; of a numeric vector the matrix whose rows they are, if
;; the argument is a numeric vector, else a list. By a number, it is the derivative.
(define (jacobian f)
  (lambda (x)
    (if (number? x)
        ((derivative f) x)
        (%jacobian 'jacobian x (vjp f x)))))

;; (%jacobian who x both): the same at x, from what vjp gave.
(define (%jacobian who x both)
  (let ((y (car both)) (pullback (cadr both)))
    (cond ((number? y) (pullback 1))
          ((vec? y)
           (let ((gradients (%gradients (lambda (unit) (pullback (apply vec unit))) (vlen y) 0 '())))
             (if (vec? x) (%stacked gradients) gradients)))
          ((and (list? y) (%every? number? y)) (%gradients pullback (length y) 0 '()))
          (else (%wrong-type who "a procedure whose value is a number, a numeric vector or a list of numbers" y)))))

;; (%gradients pullback n i done): what a pullback gives for each of the n unit lists from index i on,
;; after those done, last first.
(define (%gradients pullback n i done)
  (if (= i n)
      (reverse done)
      (let ((unit (append (make-list i 0) (list 1) (make-list (- n i 1) 0))))
        (%gradients pullback n (+ i 1) (cons (pullback unit) done)))))

;; (hessian f): for f of one argument, a procedure that gives the jacobian of the gradient; by a number,
;; the second derivative. A type error, if f's value is not a number.
(define (hessian f)
  (lambda (x)
    (if (number? x)
        ((derivative (derivative (lambda (x) (%number 'hessian (f x))))) x)
        (%jacobian 'hessian x
                   (vjp (lambda (x) ((cadr (%number-vjp 'hessian f (list x))) 1)) x)))))

;; (%number who y): y, the value of the procedure that who was given; a type error of who, if it is not a
;; number.
(define (%number who y)
  (if (number? y) y (%wrong-type who "a procedure whose value is a number" y)))

;; (vmap f): a procedure that gives what f gives for the first items of its arguments, for the second
;; ones, and so on: the items of a list or vector, the rows of a matrix; a number is the same in every
;; call. If an argument is a list or general vector, the values come as a list. Else numbers come as a
;; numeric vector, numeric vectors of one length as the rows of a matrix, others as a list.
(define (vmap f)
  (lambda (x . more)
    (let* ((arguments (cons x more))
           (items (%map-1 %items-of arguments '()))
           (n (if (%every? not items)
                  (%wrong-type 'vmap "at least one list, vector or matrix" x)
                  (%common-length items -1)))
           (every (%map-2 (lambda (x items) (or items (make-list n x))) arguments items '()))
           (values (%map-all f every '())))
      (if (%any-general? arguments) values (%stacked values)))))

;; (%items-of x): the list of what vmap takes one by one, #f for a number.
(define (%items-of x)
  (cond ((number? x) #f)
        ((vec? x) (%elements x (- (vlen x) 1) '()))
        ((mat? x) (%rows-of x (- (rows x) 1) '()))
        ((vector? x) (vector->list x))
        ((list? x) x)
        (else (%wrong-type 'vmap "lists, vectors and matrices" x))))

;; (%rows-of a i done): the rows of a matrix up to index i, before those done.
(define (%rows-of a i done)
  (if (< i 0) done (%rows-of a (- i 1) (cons (ref a i) done))))

;; (%common-length lists n): the length that the lists have in common, n if that is not negative; #f
;; goes with any. A shape error of vmap, if they differ.
(define (%common-length lists n)
  (cond ((null? lists) n)
        ((not (car lists)) (%common-length (cdr lists) n))
        ((or (< n 0) (= n (length (car lists)))) (%common-length (cdr lists) (length (car lists))))
        (else
         (%refuse 'shape 'vmap "a number goes with any length"
                  "takes arguments with as many items each, but was given " n " and " (length (car lists))))))

;; (%any-general? l): whether a list or general vector is among the items.
(define (%any-general? l)
  (and (pair? l) (or (list? (car l)) (vector? (car l)) (%any-general? (cdr l)))))

;; (%stacked l): the items as a numeric vector, if they are numbers, as the rows of a matrix, if they are
;; numeric vectors of one length, else as they are.
(define (%stacked l)
  (cond ((%every? number? l) (apply vec l))
        ((and (%every? vec? l) (%every? (lambda (v) (= (vlen v) (vlen (car l)))) l)) (apply stack l))
        (else l)))

;; (%every? holds? l): whether all items are as asked.
(define (%every? holds? l)
  (or (null? l) (and (holds? (car l)) (%every? holds? (cdr l)))))

;; (%numbers who x n): the n numbers of a list or numeric vector; a type error of who, if there are not n.
(define (%numbers who x n)
  (let ((l (if (vec? x) (%elements x (- (vlen x) 1) '()) x)))
    (if (and (list? l) (= (length l) n))
        l
        (%wrong-type who "as many logits, and as much noise, as alternatives" x))))

;; (%elements v i done): the elements of a numeric vector up to index i, before those done.
(define (%elements v i done)
  (if (< i 0) done (%elements v (- i 1) (cons (ref v i) done))))

;; (rk4 f y t h): the state a step h after time t, where it is y, of y' = (f t y), by the classical method of
;; Runge and Kutta. (rk4 f y t h n) takes n such steps. A state is a number, a list of states or a numeric
;; vector; f gives its like, else there is a shape error. A domain error, if n is not a whole number from 0.
(define rk4
  (case-lambda
    ((f y t h) (%rk4-step f y t h))
    ((f y t h n) (%rk4-steps f y t h (%step-count n) 0))))

;; (%step-count n): n, if it is a whole number from 0; else an error of rk4.
(define (%step-count n)
  (cond ((not (number? n)) (%wrong-type 'rk4 "a number of steps" n))
        ((and (integer? n) (>= n 0)) n)
        (else
         (%refuse 'domain 'rk4 "a computed number of steps is rounded: (round n)"
                  "takes a whole number of steps, from 0, but was given " n))))

;; (%slope who f t y): (f t y); a shape error of who, if it is not like the state y.
(define (%slope who f t y)
  (let ((k (f t y)))
    (cond ((%alike? y k) k)
          ((%any-number? y)
           (%refuse 'shape who "the procedure gives, in the place of each number of the state, its derivative"
                    "takes a derivative shaped as the state, " (%kind y) " (" (%size y)
                    " in all), but was given " (%kind k) " (" (%size k) " in all)"))
          (else (%wrong-type who "a number, a numeric vector or a list of such as the state" y)))))

;; (%any-number? x): whether x is or holds a number.
(define (%any-number? x)
  (cond ((pair? x) (or (%any-number? (car x)) (%any-number? (cdr x))))
        ((vector? x) (%any-number? (vector->list x)))
        (else (or (number? x) (vec? x) (mat? x)))))

;; (%alike? y k): whether the state k is shaped as the state y.
(define (%alike? y k)
  (cond ((number? y) (number? k))
        ((pair? y) (and (pair? k) (%alike? (car y) (car k)) (%alike? (cdr y) (cdr k))))
        ((null? y) (null? k))
        ((vec? y) (and (vec? k) (= (vlen y) (vlen k))))
        ((mat? y) (and (mat? k) (= (rows y) (rows k)) (= (cols y) (cols k))))
        (else #f)))

;; (%kind x): what x is as a state.
(define (%kind x)
  (cond ((number? x) "a number")
        ((list? x) "a list")
        ((vec? x) "a numeric vector")
        ((mat? x) "a matrix")
        (else "something else")))

;; (%rk4-steps f y t h n i): the state after n steps from time t, where it is y after i.
(define (%rk4-steps f y t h n i)
  (if (< i n)
      (%rk4-steps f (%rk4-step f y (+ t (* i h)) h) t h n (+ i 1))
      y))

;; (%rk4-step f y t h): the state after one step.
(define (%rk4-step f y t h)
  (let* ((middle (+ t (/ h 2)))
         (k1 (%slope 'rk4 f t y))
         (k2 (%slope 'rk4 f middle (%along y (/ h 2) k1)))
         (k3 (%slope 'rk4 f middle (%along y (/ h 2) k2)))
         (k4 (%slope 'rk4 f (+ t h) (%along y h k3))))
    (%rk4-sum y (/ h 6) k1 k2 k3 k4)))

;; (%along y h k): y + h k, item by item.
(define (%along y h k)
  (cond ((pair? y) (cons (%along (car y) h (car k)) (%along (cdr y) h (cdr k))))
        ((null? y) '())
        (else (+ y (* h k)))))

;; (%rk4-sum y h k1 k2 k3 k4): y + h (k1 + 2 k2 + 2 k3 + k4), item by item.
(define (%rk4-sum y h k1 k2 k3 k4)
  (cond ((pair? y)
         (cons (%rk4-sum (car y) h (car k1) (car k2) (car k3) (car k4))
               (%rk4-sum (cdr y) h (cdr k1) (cdr k2) (cdr k3) (cdr k4))))
        ((null? y) '())
        (else (+ y (* h (+ k1 (* 2 k2) (* 2 k3) k4))))))

;; (dopri5 f y t0 t1 rtol atol): the state at time t1 of y' = (f t y), where it is y at time t0, by the method of
;; Dormand and Prince, of order 5 with steps chosen so that the error estimated for each is at most
;; atol + rtol |y|, in the mean of its squares. (dopri5 f y t0 t1) has the tolerances 1e-8 and 1e-10. States are
;; those of rk4; t1 may come before t0. The derivative is that of the steps taken: how long they are is not
;; differentiated. An error, if the steps become too short, or more than 100000; a domain error, if a time is not
;; finite, or a tolerance not or negative.
(define dopri5
  (case-lambda
    ((f y t0 t1) (%dopri5 f y (%time t0) (%time t1) 1e-8 1e-10))
    ((f y t0 t1 rtol atol) (%dopri5 f y (%time t0) (%time t1) (%tolerance rtol) (%tolerance atol)))))

;; (%time t): t, if it is a finite number; else an error of dopri5.
(define (%time t)
  (cond ((not (number? t)) (%wrong-type 'dopri5 "numbers as times" t))
        ((finite? t) t)
        (else
         (%refuse 'domain 'dopri5 "a limit at infinity is approached by later and later times"
                  "takes finite times, but was given " t))))

;; (%tolerance x): x, if it is a finite number from 0; else an error of dopri5.
(define (%tolerance x)
  (cond ((not (number? x)) (%wrong-type 'dopri5 "numbers as tolerances" x))
        ((and (finite? x) (>= x 0)) x)
        (else
         (%refuse 'domain 'dopri5 "without tolerances it takes 1e-8, relative, and 1e-10, absolute"
                  "takes finite tolerances, from 0, but was given " x))))

;; (%dopri5 f y t0 t1 rtol atol): the same, of arguments that are fit.
(define (%dopri5 f y t0 t1 rtol atol)
  (if (= t0 t1)
      y
      (let ((k (%slope 'dopri5 f t0 y)))
        (%dopri5-steps f y t0 t1 rtol atol k (stop-gradient (%first-step y k (- t1 t0) rtol atol)) 1e-4 #t 0))))

;; (%first-step y k span rtol atol): a step over which the state changes by a hundredth, at most the span.
(define (%first-step y k span rtol atol)
  (let* ((size (%error '(1) (list y) 1 y y rtol atol))
         (change (%error '(1) (list k) 1 y y rtol atol))
         (h (if (and (> size 1e-5) (> change 1e-5)) (/ (* 0.01 size) change) 1e-6)))
    (if (< span 0) (max span (- h)) (min span h))))

;; (%dopri5-steps f y t t1 rtol atol k1 h before grow? n): the state at t1 from that at t, where (f t y) is k1 and h
;; is the step to try; before is the error of the step before, grow? is false after a step that was
;; refused, and n steps have been tried. (Hairer, Norsett and Wanner's control of the step.)
(define (%dopri5-steps f y t t1 rtol atol k1 h before grow? n)
  (let* ((last? (>= (abs (* 1.01 h)) (abs (- t1 t))))
         (h (if last? (- t1 t) h))
         (k2 (%slope 'dopri5 f (+ t (* 1/5 h)) (%stage y h '(1/5) (list k1))))
         (k3 (%slope 'dopri5 f (+ t (* 3/10 h)) (%stage y h '(3/40 9/40) (list k1 k2))))
         (k4 (%slope 'dopri5 f (+ t (* 4/5 h)) (%stage y h '(44/45 -56/15 32/9) (list k1 k2 k3))))
         (k5 (%slope 'dopri5 f (+ t (* 8/9 h))
                (%stage y h '(19372/6561 -25360/2187 64448/6561 -212/729) (list k1 k2 k3 k4))))
         (k6 (%slope 'dopri5 f (+ t h)
                (%stage y h '(9017/3168 -355/33 46732/5247 49/176 -5103/18656) (list k1 k2 k3 k4 k5))))
         (z (%stage y h '(35/384 500/1113 125/192 -2187/6784 11/84) (list k1 k3 k4 k5 k6)))
         (k7 (%slope 'dopri5 f (+ t h) z))
         (err (stop-gradient
                (%error '(71/57600 -71/16695 71/1920 -17253/339200 22/525 -1/40) (list k1 k3 k4 k5 k6 k7)
                        h y z rtol atol)))
         (scale (/ (expt err 0.17) 0.9)))
    (cond ((= (+ t h) t) (error "dopri5: the steps become too short at time" t))
          ((>= n 100000) (error "dopri5: more than 100000 steps, at time" t))
          ((not (finite? err))
           (%dopri5-steps f y t t1 rtol atol k1 (stop-gradient (/ h 10)) before #f (+ n 1)))
          ((> err 1)
           (%dopri5-steps f y t t1 rtol atol k1 (stop-gradient (/ h (min 5 scale))) before #f (+ n 1)))
          (last? z)
          (else
           (let ((shrink (max (if grow? 0.1 1) (min 5 (/ scale (expt before 0.04))))))
             (%dopri5-steps f z (+ t h) t1 rtol atol k7 (stop-gradient (/ h shrink)) (max err 1e-4) #t (+ n 1)))))))

;; (%stage y h as ks): y + h (a1 k1 + a2 k2 + ...), item by item.
(define (%stage y h as ks)
  (cond ((pair? y) (cons (%stage (car y) h as (%cars ks)) (%stage (cdr y) h as (%cdrs ks))))
        ((null? y) '())
        (else (+ y (* h (%weighted as ks))))))

;; (%weighted as ks): a1 k1 + a2 k2 + ...
(define (%weighted as ks)
  (%weighted-on (* (car as) (car ks)) (cdr as) (cdr ks)))

;; (%weighted-on sum as ks): sum + a1 k1 + a2 k2 + ...
(define (%weighted-on sum as ks)
  (if (null? as) sum (%weighted-on (+ sum (* (car as) (car ks))) (cdr as) (cdr ks))))

;; (%error as ks h y z rtol atol): the root of the mean square of h (a1 k1 + a2 k2 + ...), in units of
;; atol + rtol times the greater of y and z.
(define (%error as ks h y z rtol atol)
  (sqrt (/ (%squares as ks h y z rtol atol) (%size y))))

;; (%squares as ks h y z rtol atol): the sum of those squares.
(define (%squares as ks h y z rtol atol)
  (cond ((pair? y)
         (+ (%squares as (%cars ks) h (car y) (car z) rtol atol)
            (%squares as (%cdrs ks) h (cdr y) (cdr z) rtol atol)))
        ((null? y) 0)
        (else
         (let ((x (/ (* h (%weighted as ks)) (+ atol (* rtol (max (abs y) (abs z)))))))
           (if (number? x) (square x) (dot x x))))))

;; (%size y): how many numbers are in a state.
(define (%size y)
  (cond ((pair? y) (+ (%size (car y)) (%size (cdr y))))
        ((null? y) 0)
        ((vec? y) (vlen y))
        ((mat? y) (* (rows y) (cols y)))
        (else 1)))

;; (%all-pairs? who lists): whether none of the lists has ended; a type error of who, if the first that
;; has ended does not end as a list does.
(define (%all-pairs? who lists)
  (cond ((null? lists) #t)
        ((pair? (car lists)) (%all-pairs? who (cdr lists)))
        ((null? (car lists)) #f)
        (else (%wrong-type who "a list" (car lists)))))

;; (%cars lists): the first item of each list.
(define (%cars lists)
  (%map-1 car lists '()))

;; (%cdrs lists): each list without its first item.
(define (%cdrs lists)
  (%map-1 cdr lists '()))

;; (%reversed who l done): the items of l, last first, before those done.
(define (%reversed who l done)
  (cond ((pair? l) (%reversed who (cdr l) (cons (car l) done)))
        ((null? l) done)
        (else (%wrong-type who "a list" l))))

;; (%reversed-rows who lists done): lists of the items side by side, last first, before those done.
(define (%reversed-rows who lists done)
  (if (%all-pairs? who lists)
      (%reversed-rows who (%cdrs lists) (cons (%cars lists) done))
      done))
