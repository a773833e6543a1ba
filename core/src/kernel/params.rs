//! Learnable constants: `(param name init lo hi)`, in place.
//!
//! A name is one parameter in the whole program. One mention of it says its initial value; others are
//! `(param name)` or the bare name, before or after. No binding of the program or the language has its name.

use super::{
    Expr, ExprKind, Local, Param,
    known::Form,
    state::{Desugar, Syntax},
};
use crate::{
    datum::{Datum, Kind},
    diag::{Code, Diagnostic},
    span::Span,
};
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

const FORM: Form = Form::Param;

/// How many names that nothing binds get a hint.
const MOST_HINTS: usize = 100;

/// The parameters of a program, as far as they have been met.
#[derive(Default)]
pub(super) struct Params {
    met: Vec<Met>,
    index: HashMap<Rc<str>, usize>,
    /// Names that nothing binds, in a program that is closed: errors, unless a parameter has the name.
    unbound: Vec<(Rc<str>, Diagnostic)>,
}

/// A parameter that has been met.
struct Met {
    name: Rc<str>,
    span: Span,
    local: Local,
    /// What its declaration says.
    declared: Option<Param>,
}

impl Desugar {
    /// `(param name init lo hi)`, `(param name init)`, `(param name)`.
    pub(super) fn param(&mut self, syntax: &Syntax<'_>) -> Expr {
        let Some((target, numbers)) = syntax.operands.split_first() else {
            return self.bad(FORM, syntax.head.span, "`param` has no name");
        };
        let Kind::Symbol(name) = &target.kind else {
            return self.bad(FORM, target.span, "a parameter is a name");
        };
        let taken = match (self.scope.get(name), self.find(name)) {
            (Some(_), _) => Some(format!("`{name}` is bound here, and so is no parameter")),
            (None, Some(_)) => Some(format!("`{name}` is a name of the language, and so is no parameter")),
            (None, None) => None,
        };
        if let Some(message) = taken {
            let finding = Diagnostic::new(Code::Duplicate, target.span, message);
            return self.fail(
                finding.hint("a parameter has a name of its own, by which the whole program can mention it"),
            );
        }
        let index = self.meet(name, target.span);
        let local = self.params.met[index].local;
        if !numbers.is_empty()
            && let Some(declared) = self.bounds(numbers, local)
        {
            let first = &mut self.params.met[index];
            if first.declared.is_some() {
                let message = format!("the parameter `{name}` has a value already");
                let finding = Diagnostic::new(Code::Duplicate, target.span, message);
                self.note(finding.hint(format!("(param {name}) refers to it")));
            } else {
                first.declared = Some(declared);
                first.span = target.span;
            }
        }
        Expr { kind: ExprKind::Local(local), span: syntax.span }
    }

    /// The parameter of a name, new if it has not been met.
    fn meet(&mut self, name: &Rc<str>, span: Span) -> usize {
        if let Some(index) = self.params.index.get(name) {
            return *index;
        }
        let (local, _) = self.named(name, span);
        let index = self.params.met.len();
        self.params.index.insert(name.clone(), index);
        self.params.met.push(Met { name: name.clone(), span, local, declared: None });
        index
    }

    /// The initial value and the bounds; what is wrong with them is noted.
    fn bounds(&mut self, numbers: &[Datum], local: Local) -> Option<Param> {
        let number = |datum: &Datum| match datum.kind {
            Kind::Number(x) if !x.is_nan() => Some(x),
            _ => None,
        };
        if let Some(other) = numbers.iter().find(|datum| number(datum).is_none()) {
            self.bad(FORM, other.span, "the initial value and the bounds are numbers, written out");
            return None;
        }
        let values: Vec<f64> = numbers.iter().filter_map(number).collect();
        // A bound that is infinite is none.
        let bound = |x: f64| x.is_finite().then_some(x);
        match (&values[..], numbers) {
            ([init], _) => Some(Param { local, init: *init, lo: None, hi: None }),
            ([init, lo, hi], [at_init, at_lo, _]) => {
                if lo > hi {
                    self.bad(FORM, at_lo.span, "the lower bound is above the upper one");
                    return None;
                }
                if init < lo || init > hi {
                    self.bad(FORM, at_init.span, "the initial value is not within the bounds");
                    return None;
                }
                Some(Param { local, init: *init, lo: bound(*lo), hi: bound(*hi) })
            }
            (_, [_, lo]) => {
                self.bad(FORM, lo.span, "a lower bound comes with an upper one, perhaps +inf.0");
                None
            }
            (_, [_, _, _, more, ..]) => {
                self.bad(FORM, more.span, "`param` has nothing after the bounds");
                None
            }
            _ => None,
        }
    }

    /// A bare name that nothing binds, in a program whose inputs are all known: a parameter, or an error.
    pub(super) fn closed(&mut self, name: &Rc<str>, span: Span) -> Expr {
        let (local, _) = self.named(name, span);
        if !self.params.index.contains_key(name) {
            let message = format!("nothing binds the name `{name}`");
            let none = || "the program ends with a lambda: its parameters are the only inputs".to_owned();
            // To look for a near name takes long, and there may be many.
            let wanted = self.params.unbound.len() < MOST_HINTS;
            let hint = wanted.then(|| self.nearest(name).unwrap_or_else(none));
            let finding = Diagnostic { hint, ..Diagnostic::new(Code::Unbound, span, message) };
            self.params.unbound.push((name.clone(), finding));
        }
        Expr { kind: ExprKind::Local(local), span }
    }

    /// The parameters of the whole program, in the order of their declarations, and out of the inputs.
    pub(super) fn settle_params(&mut self) -> Vec<Param> {
        let Params { met, index, unbound } = std::mem::take(&mut self.params);
        for (_, finding) in unbound.into_iter().filter(|(name, _)| !index.contains_key(name)) {
            self.note(finding);
        }
        // A declaration that is wrong is noted already.
        let (sound, mut settled) = (self.sound(), Vec::new());
        for Met { name, span, declared, .. } in met {
            match declared {
                Some(param) => {
                    if let Some(info) = self.locals.get_mut(param.local.0 as usize) {
                        info.span = span;
                    }
                    settled.push((span.start, param));
                }
                None if sound => {
                    let message = format!("the parameter `{name}` has no initial value");
                    let finding = Diagnostic::new(Code::BadForm, span, message);
                    self.note(finding.hint(format!("write (param {name} 1) in one place")));
                }
                None => {}
            }
        }
        settled.sort_by_key(|(start, _)| *start);
        let params: Vec<Param> = settled.into_iter().map(|(_, param)| param).collect();
        let learnable: HashSet<Local> = params.iter().map(|param| param.local).collect();
        self.inputs.retain(|input| !learnable.contains(input));
        params
    }
}
