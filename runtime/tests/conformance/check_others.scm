;; The suite's expectations under another Scheme: an R7RS program that reads the cases from the file that the
;; environment variable CASES names, in the format that case.rs describes, and compares values.
;;
;; The differences that LANGUAGE.md states are allowed for here: numbers are compared as doubles to the last bits,
;; since the language has no exact ones, and a case in which it differs in more says what R7RS gives. Errors are
;; not compared: where R7RS says "it is an error" a Scheme may do as it likes. Where a Scheme is known to differ from
;; R7RS itself, known_differences.scm says so; the variable SCHEME is its name there.

(import (scheme base) (scheme char) (scheme complex) (scheme cxr) (scheme inexact) (scheme lazy)
        (scheme case-lambda) (scheme eval) (scheme file) (scheme process-context) (scheme read) (scheme write))

(define world
  (environment '(scheme base) '(scheme char) '(scheme complex) '(scheme cxr) '(scheme inexact) '(scheme lazy)
               '(scheme case-lambda) '(scheme eval)
               '(only (scheme r5rs) exact->inexact inexact->exact)
               '(only (srfi 1) filter)))

(define (text-after prefix line)
  (let ((n (string-length prefix)))
    (and (>= (string-length line) n)
         (string=? (substring line 0 n) prefix)
         (substring line n (string-length line)))))

(define (blank? line)
  (or (string=? line "") (char=? (string-ref line 0) #\;)))

(define (error-code? text)
  (and (> (string-length text) 9)
       (char=? (string-ref text 0) #\E)
       (char-numeric? (string-ref text 4))
       (string=? (substring text 5 9) " at ")))

;; All data of a text.
(define (data text)
  (let ((port (open-input-string text)))
    (let loop ((done '()))
      (let ((datum (read port)))
        (if (eof-object? datum) (reverse done) (loop (cons datum done)))))))

(define (same? a b)
  (cond ((and (number? a) (number? b)) (same-number? (inexact a) (inexact b)))
        ((and (pair? a) (pair? b)) (and (same? (car a) (car b)) (same? (cdr a) (cdr b))))
        ((and (vector? a) (vector? b)) (same? (vector->list a) (vector->list b)))
        (else (equal? a b))))

(define (same-number? a b)
  (or (= a b)
      (and (nan? a) (nan? b))
      (and (finite? a) (finite? b) (<= (abs (- a b)) (* 5e-16 (abs b))))))

(define scheme (get-environment-variable "SCHEME"))

;; Triples of a Scheme's name, the first line of a program, and what the Scheme does there.
(define known-differences
  (let* ((port (open-input-file "known_differences.scm")) (all (read port)))
    (close-port port)
    all))

(define (known? program)
  (let loop ((all known-differences))
    (and (pair? all)
         (or (and (string=? (caar all) scheme) (text-after (cadar all) program))
             (loop (cdr all))))))

(define checked 0)
(define known 0)
(define wrong 0)

(define (complain place program expected given)
  (set! wrong (+ wrong 1))
  (for-each display (list "line " place ": " program "  expected " expected "\n  given    "))
  (write given)
  (newline))

;; Whatever an implementation raises becomes a value that no case expects.
(define (outcome program)
  (guard (e (#t (list 'raised (if (error-object? e) (error-object-message e) e))))
    (eval (cons 'let (cons '() (data program))) world)))

(define (check place program expected)
  (unless (or (string=? expected "-") (error-code? expected))
    (set! checked (+ checked 1))
    (let ((given (outcome program)))
      (unless (same? given (car (data expected)))
        (if (known? program)
            (set! known (+ known 1))
            (complain place program expected given))))))

;; What a line of the form "r7rs => ..." says overrides the expectation before it, so a case is checked when the
;; next line is known.
(define (check-all port)
  (let loop ((place 1) (program "") (waiting #f))
    (let ((line (read-line port)))
      (cond ((eof-object? line) (when waiting (waiting #f)))
            ((text-after "r7rs => " line) =>
             (lambda (expected) (waiting expected) (loop (+ place 1) "" #f)))
            (else
             (when waiting (waiting #f))
             (cond ((text-after "=> " line) =>
                    (lambda (expected)
                      (loop (+ place 1) "" (lambda (other) (check place program (or other expected))))))
                   ((and (string=? program "") (blank? line)) (loop (+ place 1) "" #f))
                   (else (loop (+ place 1) (string-append program line "\n") #f))))))))

(let ((port (open-input-file (get-environment-variable "CASES"))))
  (check-all port)
  (close-port port))
(for-each display (list checked " cases checked, " known " known to differ, " wrong " wrong\n"))
(exit (= wrong 0))
