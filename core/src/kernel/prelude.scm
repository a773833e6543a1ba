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
        (%map-1 f (vector->list v) '())
        (%map-all f (%map-1 vector->list (cons v more) '()) '()))))

;; (vector-for-each f v1 v2 ...): calls f as vector-map does, for nothing.
(define (vector-for-each f v . more)
  (if (null? more)
      (%for-each-1 f (vector->list v))
      (%for-each-all f (%map-1 vector->list (cons v more) '()))))

;; (string-map f s1 s2 ...): the string of the characters that f gives for those of the strings, side by
;; side, first to last. Ends with the shortest.
(define (string-map f s . more)
  (list->string
    (if (null? more)
        (%map-1 f (string->list s) '())
        (%map-all f (%map-1 string->list (cons s more) '()) '()))))

;; (string-for-each f s1 s2 ...): calls f as string-map does, for nothing.
(define (string-for-each f s . more)
  (if (null? more)
      (%for-each-1 f (string->list s))
      (%for-each-all f (%map-1 string->list (cons s more) '()))))

;; (%soft-choice alternatives logits temperature noise): what the form soft-choice gives; noise is #f for none.
(define (%soft-choice alternatives logits temperature noise)
  (let* ((logits (%numbers 'soft-choice logits (length alternatives)))
         (noised (if noise (map + logits (%numbers 'soft-choice noise (length alternatives))) logits))
         (scaled (map (lambda (x) (/ x temperature)) noised))
         (top (stop-gradient (apply max scaled)))
         (weights (map (lambda (x) (exp (- x top))) scaled)))
    (/ (apply + (map * weights alternatives)) (apply + weights))))

;; (%numbers who x n): the n numbers of a list or numeric vector; a type error of who, if there are not n.
(define (%numbers who x n)
  (let ((l (if (vec? x) (%elements x (- (vlen x) 1) '()) x)))
    (if (and (list? l) (= (length l) n))
        l
        (%wrong-type who "as many logits, and as much noise, as alternatives" x))))

;; (%elements v i done): the elements of a numeric vector up to index i, before those done.
(define (%elements v i done)
  (if (< i 0) done (%elements v (- i 1) (cons (ref v i) done))))

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
