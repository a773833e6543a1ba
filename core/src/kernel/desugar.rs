//! From data to kernel forms, names resolved on the way.
//!
//! One pass over the data with the lexical scope at hand. Derived forms are built from kernel forms
//! directly, never from names, so a program that shadows `if` or `list` cannot reach into them. This
//! file has atoms, names and calls; the forms are in the files beside it.
//!
//! Functions here and in those files recurse with the nesting of the data. What does not recurse is
//! kept in functions of its own, so that those on the way down have small frames.

use super::{
    Expr, ExprKind, Local, MAX_DEPTH, Program, elsewhere, habit,
    known::{Form, Known},
    node::{call, constant, prim_call},
    reached,
    state::{Desugar, Position, Syntax},
    walk,
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    prim::{Array, Prim},
    span::Span,
};
use std::rc::Rc;

/// How many host expressions may be spliced.
const MAX_SPLICES: u32 = 10_000;

/// How to read the data.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether data that touch in the text have touching spans and others have not. It holds for
    /// byte offsets, not for token indices; `f(x)` is recognised by it.
    pub touching: bool,
    /// Whether the program may use the primitives that serve evaluators, whose names start with `%`. To
    /// others they are names like any.
    pub internal: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { touching: true, internal: false }
    }
}

/// Desugars and resolves the data of a whole text, with the findings in the order of their places.
///
/// There is a program if no finding is an error.
///
/// ```
/// use scheme_core::{kernel, reader};
///
/// let (data, _) = reader::read("(define (f x) (* k x x))  (f (+ r 1))");
/// let (program, findings) = kernel::desugar(&data);
/// assert!(findings.is_empty());
/// assert_eq!(
///     program.map(|program| program.to_string()).as_deref(),
///     Some(
///         "(program (k.2 r.3)
///   (fix ((f.0 (lambda (x.1) (* k.2 x.1 x.1))))
///     (f.0 (+ r.3 1))))"
///     )
/// );
/// ```
pub fn desugar(data: &[Datum]) -> (Option<Program>, Vec<Diagnostic>) {
    desugar_with(data, Options::default())
}

/// [`desugar`] with options.
pub fn desugar_with(data: &[Datum], options: Options) -> (Option<Program>, Vec<Diagnostic>) {
    finished(data, Desugar::new(options))
}

/// The same of the data of a text, whose lines hints tell apart: what stands beside a mistake in its line may belong to
/// it. Without its text, none counts as beside another.
///
/// ```
/// use scheme_core::{kernel::{self, Options}, reader};
///
/// let hint = |text: &str| {
///     let findings = kernel::desugar_text(&reader::read(text).0, text, Options::default()).1;
///     findings[0].hint.clone()
/// };
/// assert_eq!(hint("x + 1\ny").as_deref(), Some("write (+ x 1)"));
/// assert_ne!(hint("x + 1 y").as_deref(), Some("write (+ x 1)"));
/// ```
pub fn desugar_text(data: &[Datum], text: &str, options: Options) -> (Option<Program>, Vec<Diagnostic>) {
    let mut desugar = Desugar::new(options);
    desugar.breaks =
        Some(text.bytes().zip(0..).filter(|(byte, _)| *byte == b'\n').map(|(_, at)| at).collect());
    finished(data, desugar)
}

fn finished(data: &[Datum], mut desugar: Desugar) -> (Option<Program>, Vec<Diagnostic>) {
    let body = desugar.program(data);
    let body = desugar.link(body);
    desugar.settle();
    if let Some(span) = walk::too_deep(&body, MAX_DEPTH) {
        desugar.deep(span);
    }
    if desugar.sound() {
        reached::check(&body, &mut desugar);
    }
    desugar.finish(body)
}

impl Desugar {
    /// The expression that a datum writes.
    pub(super) fn expr(&mut self, datum: &Datum, position: Position) -> Expr {
        if !self.enter() {
            return self.deep(datum.span);
        }
        let expr = match &datum.kind {
            Kind::List { items, tail: None, bracket: Bracket::Round } => {
                self.list(items, datum.span, position)
            }
            Kind::List { items, tail: None, bracket: Bracket::Square } => self.brackets(items, datum.span),
            _ => self.atom(datum),
        };
        self.leave();
        expr
    }

    /// A datum without expressions inside.
    fn atom(&mut self, datum: &Datum) -> Expr {
        match &datum.kind {
            Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_) => constant(datum.clone()),
            Kind::Vector(_) => self.quote(datum),
            Kind::Symbol(name) => self.name(name, datum.span),
            Kind::Splice(n) => self.splice(*n, datum.span),
            Kind::List { tail, .. } => {
                let at = tail.as_ref().map_or(datum.span, |tail| tail.span);
                let finding = Diagnostic::new(Code::BadForm, at, "a call is not a dotted list");
                self.fail(finding.hint("data are quoted: (quote (a . b))"))
            }
        }
    }

    /// An expression whose value something else uses.
    pub(super) fn operand(&mut self, datum: &Datum) -> Expr {
        self.expr(datum, Position::Operand)
    }

    /// A name whose value is wanted.
    fn name(&mut self, name: &Rc<str>, span: Span) -> Expr {
        if let Some(local) = self.scope.get(name) {
            return self.refer(local, span);
        }
        match self.find(name) {
            Some(Known::Prim(prim)) => Expr { kind: ExprKind::Prim(prim), span },
            Some(Known::Prelude(at)) => self.of_prelude(at, span),
            Some(Known::Form(form)) => {
                let message = format!("`{name}` is a form, not a value");
                self.fail(Diagnostic::new(Code::BadForm, span, message).hint(form.grammar()))
            }
            Some(Known::Word(place)) => self.word(name, place, span),
            Some(Known::Left(instead)) => self.left_out(name, instead, span),
            None => self.free(name, span),
        }
    }

    /// A name that the language leaves out, with what to do instead.
    fn left_out(&mut self, name: &str, instead: &str, span: Span) -> Expr {
        let message = format!("`{name}` is not in the language");
        self.fail(Diagnostic::new(Code::NotInLanguage, span, message).hint(instead))
    }

    /// A word of some form, outside of it.
    fn word(&mut self, name: &str, place: &str, span: Span) -> Expr {
        let message = |word| format!("`{word}` has a meaning only inside {place}");
        let finding = |word| Diagnostic::new(Code::BadForm, span, message(word));
        self.fail(match name {
            "unquote" => finding(",").hint(
                "operands are separated by spaces; in `scheme!` a number of Rust is `,name` or `,{expression}`, without a space",
            ),
            "unquote-splicing" => finding(",@").hint("(apply f list) passes the items of a list"),
            name => finding(name),
        })
    }

    /// A name that nothing binds, in operand position.
    fn free(&mut self, name: &Rc<str>, span: Span) -> Expr {
        if let Some(finding) = habit::foreign(name, span) {
            return self.fail(finding);
        }
        if self.open {
            let (local, new) = self.named(name, span);
            if new {
                self.inputs.push(local);
            }
            return Expr { kind: ExprKind::Local(local), span };
        }
        self.closed(name, span)
    }

    /// The local of a name that nothing binds, and whether this is its first mention. Its place is the first
    /// in the text: forms are not always taken apart in its order.
    pub(super) fn named(&mut self, name: &Rc<str>, span: Span) -> (Local, bool) {
        if let Some(&local) = self.input_of.get(name) {
            if let Some(info) = self.locals.get_mut(local.0 as usize)
                && span.start < info.span.start
            {
                info.span = span;
            }
            return (local, false);
        }
        let local = self.fresh(name.clone(), span);
        self.input_of.insert(name.clone(), local);
        (local, true)
    }

    fn splice(&mut self, n: u32, span: Span) -> Expr {
        if n >= MAX_SPLICES {
            let message = format!("more than {MAX_SPLICES} expressions are spliced");
            return self.fail(Diagnostic::new(Code::TooLarge, span, message));
        }
        let local = match self.captures.get(&n) {
            Some(local) => *local,
            None => {
                let local = self.fresh("splice", span);
                self.captures.insert(n, local);
                local
            }
        };
        Expr { kind: ExprKind::Local(local), span }
    }

    /// `[a b]` where an expression stands: a numeric vector.
    fn brackets(&mut self, items: &[Datum], span: Span) -> Expr {
        prim_call(Prim::Array(Array::Vec), self.operands(items), span)
    }

    fn list(&mut self, items: &[Datum], span: Span, position: Position) -> Expr {
        let Some((head, operands)) = items.split_first() else { return self.nothing(span) };
        match head.symbol().and_then(|name| self.known(name)) {
            Some(Known::Form(form)) => self.form(&Syntax { form, head, operands, span }, position),
            Some(Known::Left(instead)) => {
                self.left_out(head.symbol().unwrap_or_default(), instead, head.span)
            }
            _ => self.call(items, span),
        }
    }

    fn nothing(&mut self, span: Span) -> Expr {
        let finding = Diagnostic::new(Code::BadForm, span, "`()` is not an expression");
        self.fail(finding.hint("the empty list is written (quote ())"))
    }

    fn call(&mut self, items: &[Datum], span: Span) -> Expr {
        if let Some(finding) = self.infix(items) {
            return self.fail(finding);
        }
        let Some((head, operands)) = items.split_first() else { return self.nothing(span) };
        if let Some(finding) = self.foreign_call(head, operands) {
            return self.fail(finding);
        }
        let callee = match head.symbol() {
            Some(name)
                if self.scope.get(name).is_none()
                    && self.find(name).is_none()
                    && !self.declares_procedure(name) =>
            {
                let callee = self.unknown(name, head.span, operands);
                if elsewhere::is_form(name) {
                    // What follows is not made of expressions.
                    return callee;
                }
                callee
            }
            _ => self.operand(head),
        };
        if let Some(finding) = self.foreign_between(&callee, operands) {
            return self.fail(finding);
        }
        if let Some(finding) = operands.windows(2).find_map(|pair| self.power(pair)) {
            self.note(finding);
        }
        let operands = match self.glued(&callee, operands) {
            None => self.operands(operands),
            Some((index, finding)) => {
                self.note(finding);
                // The list after the name is what the name was called with: its parts are expressions.
                let (before, after) = operands.split_at(index);
                let parts = after.get(1).and_then(Datum::list).unwrap_or_default();
                let mut operands = self.operands(before);
                operands.extend(self.operands(parts));
                operands.extend(self.operands(after.get(2..).unwrap_or_default()));
                operands
            }
        };
        call(callee, operands, span)
    }

    pub(super) fn operands(&mut self, data: &[Datum]) -> Vec<Expr> {
        self.in_order(data, Position::Operand)
    }

    /// A name that nothing binds, in head position.
    fn unknown(&mut self, name: &str, span: Span, operands: &[Datum]) -> Expr {
        if let Some(finding) = habit::foreign(name, span) {
            return self.fail(finding);
        }
        let message = format!("there is no procedure called `{name}`");
        let hint = self.called_elsewhere(name, operands).or_else(|| self.nearest(name));
        self.fail(Diagnostic { hint, ..Diagnostic::new(Code::UnknownProcedure, span, message) })
    }

    fn form(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        match syntax.form {
            Form::Quote => self.quoted(syntax),
            Form::Quasiquote => self.quasiquote(syntax),
            Form::If => self.if_(syntax, position),
            Form::Lambda => self.lambda(syntax),
            Form::Let => self.let_(syntax, position),
            Form::LetStar => self.let_star(syntax, position),
            Form::Letrec | Form::LetrecStar => self.letrec(syntax, position),
            Form::Define => self.misplaced(syntax),
            Form::Begin => self.begin(syntax, position),
            Form::Do => self.do_(syntax),
            Form::Cond => self.cond(syntax, position),
            Form::Case => self.case(syntax, position),
            Form::And => self.and(syntax, position),
            Form::Or => self.or(syntax, position),
            Form::When | Form::Unless => self.when(syntax, position),
            Form::Loop => self.loop_(syntax),
            Form::Recur => self.recur(syntax, position),
            Form::Assert => self.assert(syntax),
            Form::CaseLambda => self.case_lambda(syntax),
            Form::LetValues | Form::LetStarValues => self.let_values(syntax, position),
            Form::DefineValues => self.misplaced(syntax),
            Form::SoftIf => self.soft_if(syntax),
            Form::SoftChoice => self.soft_choice(syntax),
            Form::Param => self.param(syntax),
            Form::Declare => self.misplaced_declaration(syntax),
        }
    }
}
