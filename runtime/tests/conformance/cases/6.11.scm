; 6.11 to 6.14: an error ends the run; the rest is not in the language.

(error "not a positive number:" -5 '(a "b"))
=> E0901 at (error "not a positive number:" -5 '(a "b"))

(if (> 1 0) 'fine (error "never"))
=> fine

(assert (= 1 1))
=> #<unspecified>
r7rs => -

(begin (assert (= 1 2)) 1)
=> E0901 at (assert (= 1 2))

(raise 'oops)
=> E0204 at raise

(raise-continuable 'oops)
=> E0204 at raise-continuable

(with-exception-handler (lambda (e) 1) (lambda () 2))
=> E0204 at with-exception-handler
r7rs => 2

(error-object? 5)
=> E0204 at error-object?
r7rs => #f

(eval '(* 7 3) (environment '(scheme base)))
=> E0204 at eval
r7rs => 21

(display "hello")
=> E0204 at display

(read)
=> E0204 at read

(newline)
=> E0204 at newline

(eof-object)
=> E0204 at eof-object

(list? (features))
=> #t

(pair? (memq 'r7rs (features)))
=> #f
r7rs => #t

(exit)
=> E0204 at exit

(current-second)
=> E0204 at current-second
