//! What a name means that no binding of the program shadows.
//!
//! Forms with their grammars, the primitives of the table, the words that only mean something inside
//! a form, and the names that are reserved. Everything else is free.

use super::{prelude, reserved};
use crate::prim::Prim;
use std::{collections::HashMap, sync::OnceLock};

/// The meaning of an unshadowed name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Known {
    /// A special form.
    Form(Form),
    /// A primitive procedure.
    Prim(Prim),
    /// A procedure of the prelude, by its place there.
    Prelude(usize),
    /// A word such as `else` that stands inside the form named here.
    Word(&'static str),
    /// A name of Scheme that the language leaves out, with what to do instead.
    Left(&'static str),
}

macro_rules! forms {
    ($($form:ident $name:literal $grammar:literal;)+) => {
        /// A special form.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Form { $($form,)+ }

        impl Form {
            const ALL: &[Self] = &[$(Self::$form),+];

            /// The word it starts with.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$form => $name),+ }
            }

            /// How it is written.
            pub(super) fn grammar(self) -> &'static str {
                match self { $(Self::$form => $grammar),+ }
            }
        }
    };
}

forms! {
    Quote "quote" "(quote datum)";
    Quasiquote "quasiquote" "(quasiquote template)";
    If "if" "(if test then else) or (if test then)";
    Lambda "lambda" "(lambda (name …) body …)";
    Let "let" "(let ((name value) …) body …)";
    LetStar "let*" "(let* ((name value) …) body …)";
    Letrec "letrec" "(letrec ((name value) …) body …)";
    LetrecStar "letrec*" "(letrec* ((name value) …) body …)";
    Define "define" "(define name value) or (define (name parameter …) body …)";
    Begin "begin" "(begin expression …)";
    Do "do" "(do ((name start step) …) (test result …) body …)";
    Cond "cond" "(cond (test value …) … (else value …))";
    Case "case" "(case key ((datum …) value …) … (else value …))";
    And "and" "(and test …)";
    Or "or" "(or test …)";
    When "when" "(when test body …)";
    Unless "unless" "(unless test body …)";
    Loop "loop" "(loop ((name start) …) body …)";
    Recur "recur" "(recur value …)";
    Assert "assert" "(assert test)";
    CaseLambda "case-lambda" "(case-lambda ((name …) body …) …)";
    LetValues "let-values" "(let-values (((name …) expression) …) body …)";
    LetStarValues "let*-values" "(let*-values (((name …) expression) …) body …)";
    DefineValues "define-values" "(define-values (name …) expression)";
    SoftIf "soft-if" "(soft-if (< a b) then else width), where < may be > <= >= and (positive? a) is (> a 0)";
    SoftChoice "soft-choice" "(soft-choice (alternative …) logits), (… logits temperature) or (… logits temperature noise)";
    Param "param" "(param name init low high), (param name init) or (param name)";
    Declare ":" "(: name type), where a type is real, bool, (vec size), (mat rows columns) or (-> type … type)";
}

const WORDS: &[(&str, &str)] = &[
    ("else", "cond or case"),
    ("=>", "cond or case"),
    ("unquote", "quasiquote"),
    ("unquote-splicing", "quasiquote"),
];

fn table() -> &'static HashMap<&'static str, Known> {
    static TABLE: OnceLock<HashMap<&'static str, Known>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let left = reserved::left().map(|(name, instead)| (name, Known::Left(instead)));
        let words = WORDS.iter().map(|(name, place)| (*name, Known::Word(place)));
        // What is here wins over what is left out, so a new row needs no change in the lists.
        let here = Prim::names().filter_map(|name| Some((name, Known::Prim(Prim::find(name)?))));
        let prelude = prelude::names().iter().enumerate().map(|(at, name)| (*name, Known::Prelude(at)));
        let own = Form::ALL.iter().map(|form| (form.name(), Known::Form(*form)));
        left.chain(words).chain(prelude).chain(here).chain(own).collect()
    })
}

/// The meaning of a name that nothing in the program binds.
pub(super) fn find(name: &str) -> Option<Known> {
    table().get(name).copied()
}

/// The names worth suggesting: forms and procedures.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let worth = |known: &Known| !matches!(known, Known::Left(_) | Known::Word(_));
    table().iter().filter(move |(name, known)| worth(known) && !name.starts_with('%')).map(|(name, _)| *name)
}
