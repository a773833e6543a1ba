//! From data to kernel forms, names resolved on the way.
//!
//! One pass over the data with the lexical scope at hand. Derived forms are built from kernel forms
//! directly, never from names, so a program that shadows `if` or `list` cannot reach into them. This
//! file has the state, atoms, names and calls; the forms are in the files beside it.
//!
//! A mistake is noted and leaves an unspecified value in its place, so that one pass finds all of
//! them, up to a limit that keeps hostile texts from being answered at length.

use super::{
    Expr, ExprKind, Local, LocalInfo, MAX_DEPTH, Program, habit,
    known::{self, Form, Known},
    reached,
    scope::Scope,
    suggest, walk,
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    prim::Prim,
    span::Span,
};
use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

/// How many findings are kept.
const MAX_FINDINGS: usize = 100;
/// How many host expressions may be spliced.
const MAX_SPLICES: u32 = 10_000;

/// How to read the data.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether data that touch in the text have touching spans and others have not. It holds for
    /// byte offsets, not for token indices; `f(x)` is recognised by it.
    pub touching: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { touching: true }
    }
}

/// Desugars and resolves the data of a whole text, with the findings in the order of their places.
///
/// There is a program if no finding is an error.
pub fn desugar(data: &[Datum]) -> (Option<Program>, Vec<Diagnostic>) {
    desugar_with(data, Options::default())
}

/// [`desugar`] with options.
pub fn desugar_with(data: &[Datum], options: Options) -> (Option<Program>, Vec<Diagnostic>) {
    let mut desugar = Desugar::new(options);
    let body = desugar.program(data);
    if walk::depth(&body) > MAX_DEPTH {
        let span = body.span;
        desugar.deep(span);
    }
    if desugar.sound() {
        reached::check(&body, &mut desugar);
    }
    desugar.finish(body)
}

/// Whether an expression's value is the value of the loop around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Tail,
    Operand,
}

/// A special form at hand.
#[derive(Clone, Copy)]
pub(super) struct Syntax<'a> {
    pub(super) form: Form,
    pub(super) head: &'a Datum,
    pub(super) operands: &'a [Datum],
    pub(super) span: Span,
}

/// A place where a definition is referred to.
#[derive(Clone, Copy)]
pub(super) struct Use {
    /// When, by the clock of uses.
    pub(super) time: u32,
    pub(super) span: Span,
    /// How many lambdas are around it.
    pub(super) lambdas: u32,
}

/// The target of `recur`.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    pub(super) local: Local,
    /// How many values it takes; unknown, if its bindings are wrong.
    pub(super) size: Option<usize>,
}

pub(super) struct Desugar {
    pub(super) options: Options,
    pub(super) scope: Scope,
    pub(super) locals: Vec<LocalInfo>,
    /// The uses of locals that definitions bind.
    uses: HashMap<Local, Vec<Use>>,
    clock: u32,
    /// How many lambdas are around this place.
    pub(super) lambdas: u32,
    /// The loop that `recur` continues here; none directly in a lambda.
    pub(super) target: Option<Loop>,
    /// Whether a free name is an input.
    pub(super) open: bool,
    pub(super) inputs: Vec<Local>,
    input_of: HashMap<Rc<str>, Local>,
    captures: BTreeMap<u32, Local>,
    depth: usize,
    too_deep: bool,
    findings: Vec<Diagnostic>,
}

impl Desugar {
    fn new(options: Options) -> Self {
        Self {
            options,
            scope: Scope::default(),
            locals: Vec::new(),
            uses: HashMap::new(),
            clock: 0,
            lambdas: 0,
            target: None,
            open: true,
            inputs: Vec::new(),
            input_of: HashMap::new(),
            captures: BTreeMap::new(),
            depth: 0,
            too_deep: false,
            findings: Vec::new(),
        }
    }

    fn finish(mut self, body: Expr) -> (Option<Program>, Vec<Diagnostic>) {
        let program = if self.sound() {
            let captures = (0..self.captures.last_key_value().map_or(0, |(last, _)| last + 1))
                .map(|n| match self.captures.get(&n) {
                    Some(local) => *local,
                    None => self.fresh("splice", Span::default()),
                })
                .collect();
            Some(Program { locals: self.locals, inputs: self.inputs, captures, body })
        } else {
            walk::dismantle(body);
            None
        };
        self.findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
        (program, self.findings)
    }

    // Findings.

    /// Whether nothing is wrong so far.
    pub(super) fn sound(&self) -> bool {
        self.findings.iter().all(Diagnostic::is_warning)
    }

    /// Notes a finding.
    pub(super) fn note(&mut self, finding: Diagnostic) {
        if !self.full() {
            self.findings.push(finding);
        }
    }

    /// How many findings there are.
    pub(super) fn count(&self) -> usize {
        self.findings.len()
    }

    /// Whether further findings are dropped.
    pub(super) fn full(&self) -> bool {
        self.findings.len() >= MAX_FINDINGS
    }

    /// Notes an error and stands in for the expression that has it.
    pub(super) fn fail(&mut self, finding: Diagnostic) -> Expr {
        let span = finding.span;
        self.note(finding);
        Expr { kind: ExprKind::Unspecified, span }
    }

    /// Notes that a form is not written by its grammar.
    pub(super) fn bad(&mut self, form: Form, span: Span, message: impl Into<String>) -> Expr {
        self.fail(Diagnostic::new(Code::BadForm, span, message).hint(form.grammar()))
    }

    fn deep(&mut self, span: Span) -> Expr {
        if !self.too_deep {
            self.too_deep = true;
            let message = format!("the program nests deeper than {MAX_DEPTH} levels");
            self.note(
                Diagnostic::new(Code::TooLarge, span, message).hint("name the inner parts with define"),
            );
        }
        Expr { kind: ExprKind::Unspecified, span }
    }

    // Bindings.

    /// A new local that no name means yet.
    pub(super) fn fresh(&mut self, name: impl Into<Rc<str>>, span: Span) -> Local {
        let local = Local(self.locals.len() as u32);
        self.locals.push(LocalInfo { name: name.into(), span });
        local
    }

    /// A new local that the symbol means from here on.
    pub(super) fn bind(&mut self, name: &Rc<str>, span: Span) -> Local {
        let local = self.fresh(name.clone(), span);
        self.scope.bind(name, local);
        local
    }

    /// Keeps the uses of a local from here on.
    pub(super) fn watch(&mut self, local: Local) {
        self.uses.insert(local, Vec::new());
    }

    /// The uses of a watched local, in order.
    pub(super) fn take_uses(&mut self, local: Local) -> Vec<Use> {
        self.uses.remove(&local).unwrap_or_default()
    }

    /// The time by the clock of uses: each use of a watched local advances it.
    pub(super) fn time(&self) -> u32 {
        self.clock
    }

    /// The written name of a local.
    pub(super) fn name_of(&self, local: Local) -> Rc<str> {
        self.locals.get(local.0 as usize).map_or_else(|| "".into(), |info| info.name.clone())
    }

    /// A reference to a local.
    pub(super) fn refer(&mut self, local: Local, span: Span) -> Expr {
        if let Some(uses) = self.uses.get_mut(&local) {
            uses.push(Use { time: self.clock, span, lambdas: self.lambdas });
            self.clock += 1;
        }
        Expr { kind: ExprKind::Local(local), span }
    }

    /// The meaning of a symbol that nothing in the program binds.
    pub(super) fn known(&self, name: &str) -> Option<Known> {
        if self.scope.get(name).is_some() { None } else { known::find(name) }
    }

    /// Whether the datum is the unshadowed word of a form, such as `else` or `define`.
    pub(super) fn is_word(&self, datum: &Datum, word: &str) -> bool {
        datum.symbol() == Some(word) && self.scope.get(word).is_none()
    }

    /// The form that a list starts with.
    pub(super) fn form_of(&self, datum: &Datum) -> Option<Form> {
        match (&datum.kind, datum.list()?.first()?.symbol()) {
            (Kind::List { bracket: Bracket::Round, .. }, Some(name)) => match self.known(name)? {
                Known::Form(form) => Some(form),
                _ => None,
            },
            _ => None,
        }
    }

    // Expressions.

    /// The expression that a datum writes.
    pub(super) fn expr(&mut self, datum: &Datum, position: Position) -> Expr {
        self.nested(datum.span, |desugar| match &datum.kind {
            Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_) => constant(datum.clone()),
            Kind::Vector(_) => desugar.quote(datum),
            Kind::Symbol(name) => desugar.name(name, datum.span),
            Kind::Splice(n) => desugar.splice(*n, datum.span),
            Kind::List { tail: Some(tail), .. } => {
                let finding = Diagnostic::new(Code::BadForm, tail.span, "a call is not a dotted list");
                desugar.fail(finding.hint("data are quoted: '(a . b)"))
            }
            Kind::List { items, bracket: Bracket::Square, .. } => desugar.brackets(items, datum.span),
            Kind::List { items, bracket: Bracket::Round, .. } => desugar.list(items, datum.span, position),
        })
    }

    /// Builds one level deeper, unless that is too deep.
    pub(super) fn nested(&mut self, span: Span, build: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if self.depth >= MAX_DEPTH {
            return self.deep(span);
        }
        self.depth += 1;
        let expr = build(self);
        self.depth -= 1;
        expr
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
        match known::find(name) {
            Some(Known::Prim(prim)) => Expr { kind: ExprKind::Prim(prim), span },
            Some(Known::Form(form)) => {
                let message = format!("`{name}` is a form, not a value");
                self.fail(Diagnostic::new(Code::BadForm, span, message).hint(form.grammar()))
            }
            Some(Known::Word(place)) => {
                let message = format!("`{name}` has a meaning only inside {place}");
                self.fail(Diagnostic::new(Code::BadForm, span, message))
            }
            Some(Known::LaterProcedure | Known::LaterForm | Known::Left(_)) => self.absent(name, span),
            None => self.free(name, span),
        }
    }

    /// A name that is reserved and cannot be used.
    fn absent(&mut self, name: &str, span: Span) -> Expr {
        self.fail(match known::find(name) {
            Some(Known::Left(instead)) => {
                Diagnostic::new(Code::NotInLanguage, span, format!("`{name}` is not in the language"))
                    .hint(instead)
            }
            _ => {
                Diagnostic::new(Code::NotYet, span, format!("`{name}` is not available in this version yet"))
            }
        })
    }

    /// A name that nothing binds, in operand position.
    fn free(&mut self, name: &Rc<str>, span: Span) -> Expr {
        if let Some(finding) = habit::foreign(name, span) {
            return self.fail(finding);
        }
        if self.open {
            let local = match self.input_of.get(name) {
                Some(local) => *local,
                None => {
                    let local = self.fresh(name.clone(), span);
                    self.input_of.insert(name.clone(), local);
                    self.inputs.push(local);
                    local
                }
            };
            return Expr { kind: ExprKind::Local(local), span };
        }
        let message = format!("nothing binds the name `{name}`");
        let near = self.nearest(name);
        let none = || "the program ends with a lambda: its parameters are the only inputs".to_owned();
        self.fail(Diagnostic::new(Code::Unbound, span, message).hint(near.unwrap_or_else(none)))
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
        let operands = items.iter().map(|item| self.operand(item)).collect();
        match Prim::find("vec") {
            Some(prim) => call(Expr { kind: ExprKind::Prim(prim), span }, operands, span),
            None => self.absent("vec", Span::new(span.start, span.start + 1)),
        }
    }

    fn list(&mut self, items: &[Datum], span: Span, position: Position) -> Expr {
        let Some((head, operands)) = items.split_first() else {
            let finding = Diagnostic::new(Code::BadForm, span, "`()` is not an expression");
            return self.fail(finding.hint("the empty list is written '()"));
        };
        match head.symbol().and_then(|name| self.known(name)) {
            Some(Known::Form(form)) => self.form(Syntax { form, head, operands, span }, position),
            Some(Known::LaterForm | Known::Left(_)) => {
                self.absent(head.symbol().unwrap_or_default(), head.span)
            }
            _ => self.call(head, operands, span),
        }
    }

    fn call(&mut self, head: &Datum, operands: &[Datum], span: Span) -> Expr {
        if let Some(finding) = self.infix(head, operands) {
            return self.fail(finding);
        }
        let callee = match &head.kind {
            Kind::Symbol(name) if self.scope.get(name).is_none() && known::find(name).is_none() => {
                self.unknown(name, head.span)
            }
            _ => self.operand(head),
        };
        if let Some((index, finding)) = self.glued(&callee, operands) {
            self.note(finding);
            // The list after the name is what the name was called with: its parts are expressions.
            let parts = operands.get(index + 1).and_then(Datum::list).unwrap_or_default();
            let others = operands[..index].iter().chain(parts).chain(operands.iter().skip(index + 2));
            let operands = others.map(|operand| self.operand(operand)).collect();
            return call(callee, operands, span);
        }
        let operands = operands.iter().map(|operand| self.operand(operand)).collect();
        call(callee, operands, span)
    }

    /// A name that nothing binds, in head position.
    fn unknown(&mut self, name: &str, span: Span) -> Expr {
        if let Some(finding) = habit::foreign(name, span) {
            return self.fail(finding);
        }
        let message = format!("there is no procedure called `{name}`");
        let hint = self.nearest(name);
        self.fail(Diagnostic { hint, ..Diagnostic::new(Code::UnknownProcedure, span, message) })
    }

    /// A hint at the nearest name that means something here; none when hints are no longer wanted.
    pub(super) fn nearest(&self, name: &str) -> Option<String> {
        if self.full() { None } else { suggest::nearest(name, self.scope.names(), known::names()) }
    }

    fn form(&mut self, syntax: Syntax<'_>, position: Position) -> Expr {
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
        }
    }
}

// Kernel nodes.

/// A constant at its datum's place.
pub(super) fn constant(datum: Datum) -> Expr {
    let span = datum.span;
    Expr { kind: ExprKind::Quote(datum), span }
}

/// `#t` or `#f`.
pub(super) fn boolean(b: bool, span: Span) -> Expr {
    constant(Datum { kind: Kind::Bool(b), span })
}

/// The unspecified value.
pub(super) fn unspecified(span: Span) -> Expr {
    Expr { kind: ExprKind::Unspecified, span }
}

/// A conditional.
pub(super) fn branch(test: Expr, then: Expr, els: Expr, span: Span) -> Expr {
    Expr { kind: ExprKind::If(test.into(), then.into(), els.into()), span }
}

/// A call.
pub(super) fn call(head: Expr, operands: Vec<Expr>, span: Span) -> Expr {
    Expr { kind: ExprKind::Call(head.into(), operands), span }
}

/// A call of a primitive that stands nowhere in the text.
pub(super) fn prim_call(prim: Prim, operands: Vec<Expr>, span: Span) -> Expr {
    call(Expr { kind: ExprKind::Prim(prim), span }, operands, span)
}

/// Bindings around a body, if there are any.
pub(super) fn bindings(bindings: Vec<(Local, Expr)>, body: Expr, span: Span) -> Expr {
    if bindings.is_empty() { body } else { Expr { kind: ExprKind::Let(bindings, body.into()), span } }
}

/// Expressions in sequence; nothing is unspecified, one is itself.
pub(super) fn sequence(mut parts: Vec<Expr>, span: Span) -> Expr {
    match parts.len() {
        1 => parts.swap_remove(0),
        0 => unspecified(span),
        _ => Expr { kind: ExprKind::Begin(parts), span },
    }
}
