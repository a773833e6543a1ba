//! Names that mean something though nothing here implements them: the language leaves them out on purpose.
//!
//! They are errors in any position unless the program binds the name, so that a misunderstanding never
//! becomes an input.

pub(super) const MUTATION: &str =
    "values never change: bind a new name with let, or carry the new value with loop and recur";
const STRUCTURE: &str = "data never change: build a new list, vector or string with the new item";
const CONTROL: &str = "return a value early with if or cond, or carry on with a procedure argument";
pub(super) const FAILURE: &str =
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
pub(super) const SYSTEM: &str = "a program knows nothing of the machine: give it what it needs as an input";

pub(super) const RANDOM: &str = "a program draws no random numbers: give them as inputs";

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
         current-jiffy jiffies-per-second",
        SYSTEM,
    ),
    ("random", RANDOM),
];

/// Each name that the language leaves out, with what to do instead.
pub(super) fn left() -> impl Iterator<Item = (&'static str, &'static str)> {
    LEFT.iter().flat_map(|(names, instead)| names.split_whitespace().map(move |name| (name, *instead)))
}
