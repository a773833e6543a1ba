//! The state of desugaring: findings, bindings and their uses, depth.
//!
//! A mistake is noted and leaves an unspecified value in its place, so that one pass finds all of
//! them, up to a limit that keeps hostile texts from being answered at length.

use super::{
    Declared, Expr, ExprKind, Local, LocalInfo, MAX_DEPTH, Options, Param, Program, Shadow,
    declare::Declaration,
    known::{self, Form, Known},
    params::Params,
    prelude::Linked,
    scope::Scope,
    suggest, walk,
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    span::Span,
};
use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

/// How many findings are kept.
const MAX_FINDINGS: usize = 100;

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

/// The state of desugaring one program.
pub(super) struct Desugar {
    pub(super) options: Options,
    /// Where the lines of the text end, if the text is known.
    pub(super) breaks: Option<Vec<u32>>,
    pub(super) scope: Scope,
    pub(super) locals: Vec<LocalInfo>,
    /// By local, the uses of those that definitions bind.
    uses: Vec<Option<Vec<Use>>>,
    clock: u32,
    /// How many lambdas are around this place.
    pub(super) lambdas: u32,
    /// The loop that `recur` continues here; none directly in a lambda.
    pub(super) target: Option<Loop>,
    /// Whether a free name is an input.
    pub(super) open: bool,
    pub(super) inputs: Vec<Local>,
    pub(super) input_of: HashMap<Rc<str>, Local>,
    pub(super) captures: BTreeMap<u32, Local>,
    pub(super) params: Params,
    pub(super) settled: Vec<Param>,
    pub(super) declarations: Vec<Declaration>,
    declared: Vec<(Local, Declared)>,
    shadows: Vec<Shadow>,
    /// What an expression about to be desugared is bound to, if messages at run time tell.
    pub(super) naming: Option<Rc<str>>,
    /// The list of several values that was defined last.
    pub(super) latest: Option<Local>,
    /// What the program takes from the prelude.
    pub(super) linked: Linked,
    depth: usize,
    too_deep: bool,
    findings: Vec<Diagnostic>,
}

impl Desugar {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            breaks: None,
            scope: Scope::default(),
            locals: Vec::new(),
            uses: Vec::new(),
            clock: 0,
            lambdas: 0,
            target: None,
            open: true,
            inputs: Vec::new(),
            input_of: HashMap::new(),
            captures: BTreeMap::new(),
            params: Params::default(),
            settled: Vec::new(),
            declarations: Vec::new(),
            declared: Vec::new(),
            shadows: Vec::new(),
            naming: None,
            latest: None,
            linked: Linked::default(),
            depth: 0,
            too_deep: false,
            findings: Vec::new(),
        }
    }

    /// Resolves what can only be known at the end of the text.
    pub(super) fn settle(&mut self) {
        self.settled = self.settle_params();
        let locals = &self.locals;
        self.inputs.sort_by_key(|input| locals.get(input.0 as usize).map(|info| info.span.start));
        self.declared = self.settle_declarations();
    }

    pub(super) fn finish(mut self, body: Expr) -> (Option<Program>, Vec<Diagnostic>) {
        let program = if self.sound() {
            let captures = (0..self.captures.last_key_value().map_or(0, |(last, _)| last + 1))
                .map(|n| match self.captures.get(&n) {
                    Some(local) => *local,
                    None => self.fresh("splice", Span::default()),
                })
                .collect();
            Some(Program {
                locals: self.locals,
                inputs: self.inputs,
                captures,
                params: self.settled,
                declared: self.declared,
                shadows: self.shadows,
                body,
            })
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

    pub(super) fn deep(&mut self, span: Span) -> Expr {
        if !self.too_deep {
            self.too_deep = true;
            let message = format!("the program nests deeper than {MAX_DEPTH} levels");
            self.note(
                Diagnostic::new(Code::TooLarge, span, message).hint("name the inner parts with define"),
            );
        }
        Expr { kind: ExprKind::Unspecified, span }
    }

    /// A hint at the nearest name that means something here; none when hints are no longer wanted.
    pub(super) fn nearest(&self, name: &str) -> Option<String> {
        if self.full() { None } else { suggest::nearest(name, self.scope.names(), known::names()) }
    }

    // Bindings.

    /// A new local that no name means yet.
    pub(super) fn fresh(&mut self, name: impl Into<Rc<str>>, span: Span) -> Local {
        let local = Local(self.locals.len() as u32);
        self.locals.push(LocalInfo { name: name.into(), span, prelude: self.linked.open });
        local
    }

    /// A new local that the symbol means from here on.
    pub(super) fn bind(&mut self, name: &Rc<str>, span: Span) -> Local {
        let local = self.fresh(name.clone(), span);
        if !self.linked.open {
            let outer = self.scope.get(name);
            if outer.is_some() || self.find(name).is_some() {
                self.shadows.push(Shadow { inner: local, outer });
            }
        }
        self.scope.bind(name, local);
        local
    }

    /// Keeps the uses of a local from here on.
    pub(super) fn watch(&mut self, local: Local) {
        let at = local.0 as usize;
        if self.uses.len() <= at {
            self.uses.resize_with(at + 1, || None);
        }
        self.uses[at] = Some(Vec::new());
    }

    /// The uses of a watched local, in order.
    pub(super) fn take_uses(&mut self, local: Local) -> Vec<Use> {
        self.uses.get_mut(local.0 as usize).and_then(Option::take).unwrap_or_default()
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
        if let Some(Some(uses)) = self.uses.get_mut(local.0 as usize) {
            uses.push(Use { time: self.clock, span, lambdas: self.lambdas });
            self.clock += 1;
        }
        Expr { kind: ExprKind::Local(local), span }
    }

    /// The meaning of a symbol that nothing in the program binds.
    pub(super) fn known(&self, name: &str) -> Option<Known> {
        if self.scope.get(name).is_some() { None } else { self.find(name) }
    }

    /// The meaning of a name that nothing in the program binds.
    pub(super) fn find(&self, name: &str) -> Option<Known> {
        known::find(name).filter(|_| self.options.internal || !name.starts_with('%'))
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

    // Depth.

    /// Goes one level deeper, unless that is too deep.
    pub(super) fn enter(&mut self) -> bool {
        let free = self.depth < MAX_DEPTH;
        self.depth += usize::from(free);
        free
    }

    /// Comes back from a level entered.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }
}
