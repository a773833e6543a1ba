//! Names that mean something though nothing here implements them.
//!
//! Either a later version will, or the language leaves them out on purpose. Both are errors in any
//! position unless the program binds the name, so that a misunderstanding never becomes an input.

/// Procedures of the language; those with a row in the table of primitives are here already.
pub(super) const LATER_PROCEDURES: &str = "
    + - * / abs min max square cube sqrt expt pow exp log log1p expm1 floor ceiling round truncate
    quotient modulo remainder sin cos tan asin acos atan sinh cosh tanh sigmoid softplus relu erf lgamma
    = < > <= >= not boolean? zero? positive? negative? number? real? integer? even? odd? nan? finite?
    infinite? complex? rational? exact inexact exact->inexact inexact->exact exact? inexact?
    exact-integer? numerator denominator gcd lcm floor/ floor-quotient floor-remainder truncate/
    truncate-quotient truncate-remainder rationalize exact-integer-sqrt magnitude
    eq? eqv? equal? boolean=? symbol=?
    cons car cdr caar cadr cdar cddr caaar caadr cadar caddr cdaar cdadr cddar cdddr caaaar caaadr caadar
    caaddr cadaar cadadr caddar cadddr cdaaar cdaadr cdadar cdaddr cddaar cddadr cdddar cddddr
    list make-list pair? null? list? length append reverse list-ref list-tail list-copy last memq memv
    member assq assv assoc iota
    map for-each filter fold fold-left fold-right reduce apply vector-map vector-for-each string-map
    string-for-each values call-with-values compose
    symbol? string? char? procedure? symbol->string string->symbol string string-append string-length
    string-ref substring string-copy make-string string=? string<? string>? string<=? string>=?
    string-ci=? string-ci<? string-ci>? string-ci<=? string-ci>=? string-upcase string-downcase
    string-foldcase char=? char<? char>? char<=? char>=? char-ci=? char-ci<? char-ci>? char-ci<=?
    char-ci>=? char-alphabetic? char-numeric? char-whitespace? char-upper-case? char-lower-case?
    char-upcase char-downcase char-foldcase digit-value char->integer integer->char
    number->string string->number string->list list->string string->vector vector->string
    vector make-vector vector? vector-length vector-ref vector->list list->vector vector-append
    vector-copy vector-fill
    vec ref dot cross norm normalize vsum vlen scale linspace vec? stack
    mat matmul matvec transpose trace det logdet inv outer eye zeros ones solve cholesky diag mat? rows
    cols
    grad value-and-grad derivative jvp vjp jacobian hessian vmap stop-gradient
    error features";

const MUTATION: &str =
    "values never change: bind a new name with let, or carry the new value with loop and recur";
const STRUCTURE: &str = "data never change: build a new list, vector or string with the new item";
const CONTROL: &str = "return a value early with if or cond, or carry on with a procedure argument";
const FAILURE: &str =
    "end the run with (error \"message\" value …), or return a value that says what happened";
const OUTPUT: &str = "a program reads and writes nothing: its inputs are free names, its value is the result";
const CODE: &str = "write a procedure with lambda instead of making code";
const MACRO: &str = "write a procedure with define, or pass a lambda for what must wait";
const DELAY: &str = "pass (lambda () expression) and call it when its value is wanted";
const RECORD: &str = "keep the fields in a list and define procedures that pick them";
const MODULE: &str = "everything of the language is there without an import";
const PARAMETER: &str = "pass the value as an argument";
const COMPLEX: &str =
    "numbers are real: compute with the parts themselves; (atan y x) is the angle of a point";
const BYTES: &str = "use a list or a vector of numbers";
const SYSTEM: &str = "a program knows nothing of the machine: give it what it needs as an input";

/// What the language leaves out, each with what to do instead.
const LEFT: &[(&str, &str)] = &[
    ("set! let-set!", MUTATION),
    (
        "set-car! set-cdr! vector-set! vector-fill! vector-copy! string-set! string-fill! string-copy! list-set!
         append! reverse! hash-table-set! hash-table-ref make-hash-table",
        STRUCTURE,
    ),
    ("call/cc call-with-current-continuation call-with-escape-continuation dynamic-wind", CONTROL),
    (
        "guard raise raise-continuable with-exception-handler error-object? error-object-message
         error-object-irritants read-error? file-error? condition/report-string",
        FAILURE,
    ),
    (
        "display newline write write-string write-char write-u8 write-bytevector write-shared write-simple
         print printf read read-line read-char read-string read-u8 read-bytevector read-bytevector! peek-char
         peek-u8 char-ready? u8-ready? open-input-file open-output-file open-binary-input-file
         open-binary-output-file open-input-string open-output-string get-output-string open-input-bytevector
         open-output-bytevector get-output-bytevector close-port close-input-port close-output-port
         call-with-port call-with-input-file call-with-output-file with-input-from-file with-output-to-file
         current-input-port current-output-port current-error-port input-port? output-port? port?
         input-port-open? output-port-open? textual-port? binary-port? eof-object eof-object?
         flush-output-port file-exists? delete-file load include include-ci",
        OUTPUT,
    ),
    ("eval environment interaction-environment scheme-report-environment null-environment", CODE),
    ("define-syntax let-syntax letrec-syntax syntax-rules syntax-error er-macro-transformer define-macro ... _", MACRO),
    ("delay force delay-force make-promise promise? cons-stream", DELAY),
    ("define-record-type define-structure", RECORD),
    ("import export define-library cond-expand require module", MODULE),
    ("parameterize make-parameter", PARAMETER),
    ("make-rectangular make-polar real-part imag-part angle", COMPLEX),
    (
        "bytevector bytevector? bytevector-append bytevector-copy bytevector-copy! bytevector-length
         bytevector-u8-ref bytevector-u8-set! make-bytevector utf8->string string->utf8",
        BYTES,
    ),
    (
        "exit emergency-exit command-line get-environment-variable get-environment-variables current-second
         current-jiffy jiffies-per-second random",
        SYSTEM,
    ),
];

/// Each name that the language leaves out, with what to do instead.
pub(super) fn left() -> impl Iterator<Item = (&'static str, &'static str)> {
    LEFT.iter().flat_map(|(names, instead)| names.split_whitespace().map(move |name| (name, *instead)))
}
