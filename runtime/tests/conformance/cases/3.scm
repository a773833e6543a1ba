; Basic concepts.

; 3.1 A binding holds in its region; the innermost one counts.
(let ((x 1)) (let ((x (+ x 1))) (let ((y x)) (let ((x 10)) (list x y)))))
=> (10 2)

; 3.2 No value has two types.
(map (lambda (x)
       (length (filter (lambda (is?) (is? x)) (list boolean? char? null? pair? procedure? string? symbol? vector? number?))))
     (list #t #\a '() '(1) car "s" 'a '#(1) 1))
=> (1 1 1 1 1 1 1 1 1)

; Only #f counts as false.
(map (lambda (x) (if x 'true 'false)) (list #t #f 0 '() "" 'nil '#() car))
=> (true false true true true true true true)

; 3.4 What is said of a place cannot be changed.
(vector-set! (vector 1 2) 0 5)
=> E0204 at vector-set!

; 3.5 Tail calls, in every tail position of every form.
(define (loop n) (if (= n 0) 'done (loop (- n 1))))
(loop 100000)
=> done

(define (loop n) (cond ((= n 0) 'done) (else (loop (- n 1)))))
(loop 20000)
=> done

(define (loop n) (case n ((0) 'done) (else (loop (- n 1)))))
(loop 20000)
=> done

(define (loop n) (and #t (or #f (if (= n 0) 'done (loop (- n 1))))))
(loop 20000)
=> done

(define (loop n) (when #t (unless #f (if (= n 0) 'done (loop (- n 1))))))
(loop 20000)
=> done

(define (loop n) (let* ((m (- n 1)) (k m)) (letrec ((f (lambda () k))) (begin (if (< m 0) 'done (loop (f)))))))
(loop 20000)
=> done

(define (loop n) (do () (#t (if (= n 0) 'done (loop (- n 1))))))
(loop 20000)
=> done

(define (loop n) (let-values (((a b) (values n 1))) (let*-values (((c) (- a b))) (if (< c 0) 'done (loop c)))))
(loop 20000)
=> done

(define loop (case-lambda ((n) (loop n 'done)) ((n end) (if (= n 0) end (loop (- n 1) end)))))
(loop 20000)
=> done

(define (loop n) (if (= n 0) 'done (apply loop (list (- n 1)))))
(loop 20000)
=> done

(define (loop n) (if (= n 0) 'done (call-with-values (lambda () (- n 1)) loop)))
(loop 20000)
=> done

(define (loop n) (cond ((- n 1) => (lambda (m) (if (= m 0) 'done (loop m))))))
(loop 20000)
=> done

(define (a n) (if (= n 0) 'a (b (- n 1))))
(define (b n) (if (= n 0) 'b (a (- n 1))))
(a 20001)
=> b

; Other calls nest as deep as memory goes.
(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1)))))
(count 100000)
=> 100000

; Procedures are values: in lists, as arguments, as what others give.
(map (lambda (f) (f 4)) (list sqrt - (lambda (x) (* x x))))
=> (2 -4 16)

(((lambda (x) (lambda () x)) 5))
=> 5
