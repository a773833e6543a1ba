; Macros are not in the language.

(define-syntax swap 1)
=> E0204 at define-syntax

(let-syntax () 1)
=> E0204 at let-syntax
r7rs => 1

(letrec-syntax () 1)
=> E0204 at letrec-syntax
r7rs => 1

(syntax-rules ())
=> E0204 at syntax-rules

(syntax-error "message")
=> E0204 at syntax-error
