//! Programs and bodies: definitions and expressions in sequence.
//!
//! The definitions of a sequence see each other and bind together, as `letrec*`. A program may mix
//! definitions and expressions; in a body definitions come first.

use super::{
    Expr, ExprKind, Local,
    fixing::Item,
    known::Form,
    node::{sequence, unspecified},
    several::Count,
    state::{Desugar, Position, Syntax},
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    span::Span,
};
use std::{collections::HashSet, rc::Rc};

/// A part of a sequence.
pub(super) enum Part<'a> {
    Definition(Definition<'a>),
    Expression(&'a Datum),
}

/// A definition read by its grammar.
pub(super) struct Definition<'a> {
    pub(super) syntax: Syntax<'a>,
    /// None, for the list of several values.
    pub(super) name: Option<&'a Rc<str>>,
    pub(super) at: Span,
    pub(super) value: Value<'a>,
}

/// What a definition gives its name.
pub(super) enum Value<'a> {
    Expression(&'a Datum),
    Procedure {
        fixed: &'a [Datum],
        rest: Option<&'a Datum>,
        body: &'a [Datum],
    },
    /// The list of the values of an expression.
    Several {
        expression: &'a Datum,
        count: Count,
    },
    /// One of the values in the list defined last.
    OneOf {
        expression: &'a Datum,
        count: Count,
        index: usize,
    },
    /// Nothing: an error already noted.
    Missing,
}

impl Desugar {
    /// The value of a whole program.
    pub(super) fn program(&mut self, data: &[Datum]) -> Expr {
        let [first, .., last] = data else {
            return match data {
                [only] => self.whole(data, only.span),
                _ => {
                    let finding = Diagnostic::new(Code::Empty, Span::default(), "the program is empty");
                    self.fail(finding.hint("write definitions, if there are any, and one last expression"))
                }
            };
        };
        self.whole(data, first.span.to(last.span))
    }

    fn whole(&mut self, data: &[Datum], span: Span) -> Expr {
        if let Some(finding) = self.sequence_habit(data) {
            return self.fail(finding);
        }
        let mut parts = self.parts(data, true);
        let last = match parts.pop() {
            Some(Part::Expression(last)) => Some(last),
            Some(definition) => {
                parts.push(definition);
                None
            }
            None => None,
        };
        let locals = self.declare(&parts);
        let entry = last.and_then(|last| self.entry(last));
        self.open = entry.is_none();
        let mut items = Vec::new();
        for (part, local) in parts.iter().zip(locals) {
            items.extend(self.item(part, local));
        }
        let body = match (entry, last) {
            (Some((syntax, fixed, body)), _) => {
                let mark = self.scope.mark();
                self.inputs = self.parameters(Form::Lambda, fixed, None).0;
                let body = self.body(&syntax, body, Position::Operand);
                self.scope.close(mark);
                body
            }
            (None, Some(last)) => self.operand(last),
            (None, None) => Expr { kind: ExprKind::Unspecified, span },
        };
        self.arrange(items, body, span)
    }

    /// The parts of a program's last expression, if it is a lambda whose parameters are the inputs.
    fn entry<'a>(&self, last: &'a Datum) -> Option<(Syntax<'a>, &'a [Datum], &'a [Datum])> {
        if self.form_of(last) != Some(Form::Lambda) {
            return None;
        }
        let (head, operands) = last.list()?.split_first()?;
        let (parameters, body) = operands.split_first()?;
        Some((Syntax { form: Form::Lambda, head, operands, span: last.span }, parameters.list()?, body))
    }

    /// The value of a body, in a scope of its own.
    pub(super) fn body(&mut self, syntax: &Syntax<'_>, data: &[Datum], position: Position) -> Expr {
        let ([first, ..], [.., last]) = (data, data) else {
            let message = format!("`{}` has no body", syntax.form.name());
            return self.bad(syntax.form, syntax.head.span, message);
        };
        let span = first.span.to(last.span);
        if !data
            .iter()
            .any(|datum| matches!(self.form_of(datum), Some(Form::Define | Form::DefineValues | Form::Begin)))
        {
            let parts = self.expressions(data, position);
            return sequence(parts, span);
        }
        self.defining_body(data, span, position)
    }

    /// A body that may start with definitions.
    fn defining_body(&mut self, data: &[Datum], span: Span, position: Position) -> Expr {
        if let Some(finding) = self.sequence_habit(data) {
            return self.fail(finding);
        }
        let parts = self.parts(data, false);
        self.check_order(&parts);
        let mark = self.scope.mark();
        let locals = self.declare(&parts);
        let (mut items, mut expressions) = (Vec::new(), Vec::new());
        for (index, (part, local)) in parts.iter().zip(locals).enumerate() {
            match part {
                Part::Expression(datum) => {
                    let is_last = index + 1 == parts.len();
                    let position = if is_last { position } else { Position::Operand };
                    expressions.push(self.expr(datum, position));
                }
                Part::Definition(_) => items.extend(self.item(part, local)),
            }
        }
        self.scope.close(mark);
        self.arrange(items, sequence(expressions, span), span)
    }

    /// Notes definitions after expressions, and at the end of a body.
    fn check_order(&mut self, parts: &[Part<'_>]) {
        let is_expression = |part: &Part<'_>| matches!(part, Part::Expression(_));
        let first = parts.iter().position(is_expression).unwrap_or(parts.len());
        for (index, part) in parts.iter().enumerate() {
            let Part::Definition(Definition { syntax, .. }) = part else { continue };
            let at = syntax.head.span;
            if index > first {
                let message = "a definition cannot follow an expression in a body";
                let finding = Diagnostic::new(Code::MisplacedDefine, at, message);
                self.note(finding.hint("move it to the start of the body"));
            } else if index + 1 == parts.len() {
                let message = "the body ends with a definition and has no value";
                let finding = Diagnostic::new(Code::NoValue, at, message);
                self.note(finding.hint("end the body with an expression"));
            }
        }
    }

    /// The definitions and expressions of a sequence; those inside `begin` belong to it.
    /// Declarations at the top of a program are taken out.
    pub(super) fn parts<'a>(&mut self, data: &'a [Datum], is_top: bool) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut todo: Vec<&Datum> = data.iter().rev().collect();
        while let Some(datum) = todo.pop() {
            let split = datum.list().and_then(<[Datum]>::split_first);
            match (self.form_of(datum), split) {
                (Some(Form::Begin), Some((_, inner))) if !inner.is_empty() => todo.extend(inner.iter().rev()),
                (Some(form @ Form::Define), Some((head, operands))) => {
                    let syntax = Syntax { form, head, operands, span: datum.span };
                    parts.extend(self.definition(syntax).map(Part::Definition));
                }
                (Some(form @ Form::DefineValues), Some((head, operands))) => {
                    parts.extend(self.several(Syntax { form, head, operands, span: datum.span }));
                }
                (Some(form @ Form::Declare), Some((head, operands))) if is_top => {
                    self.declaration(&Syntax { form, head, operands, span: datum.span });
                }
                _ => parts.push(Part::Expression(datum)),
            }
        }
        parts
    }

    /// Reads a definition; one without a name is noted and gone.
    fn definition<'a>(&mut self, syntax: Syntax<'a>) -> Option<Definition<'a>> {
        let form = syntax.form;
        let Some((target, rest)) = syntax.operands.split_first() else {
            self.bad(form, syntax.head.span, "`define` has no name and no value");
            return None;
        };
        let (name, at, value) = match (&target.kind, rest) {
            (Kind::Symbol(name), [value]) => (name, target.span, Value::Expression(value)),
            (Kind::Symbol(name), []) => {
                self.bad(form, target.span, format!("`{name}` has no value"));
                (name, target.span, Value::Missing)
            }
            (Kind::Symbol(name), [parameters, more, ..]) => {
                let names = parameters.list().filter(|list| list.iter().all(|item| item.symbol().is_some()));
                if names.is_some() {
                    let message = "the name and the parameters stand in one list";
                    let finding = Diagnostic::new(Code::Habit, target.span.to(parameters.span), message);
                    let header: Vec<_> = names.into_iter().flatten().filter_map(Datum::symbol).collect();
                    let header = [&[&**name], &header[..]].concat().join(" ");
                    self.note(finding.hint(format!("(define ({header}) …)")));
                } else {
                    self.bad(form, more.span, format!("`{name}` has more than one value"));
                }
                (name, target.span, Value::Missing)
            }
            (Kind::List { items, tail, bracket: Bracket::Round }, body) => match items.split_first() {
                Some((Datum { kind: Kind::Symbol(name), span }, fixed)) => {
                    (name, *span, Value::Procedure { fixed, rest: tail.as_deref(), body })
                }
                Some((other, _)) => {
                    self.bad(form, other.span, "the name of a procedure is not a list or a value");
                    return None;
                }
                None => {
                    self.bad(form, target.span, "the definition has no name");
                    return None;
                }
            },
            _ => {
                self.bad(form, target.span, "a definition binds a name");
                return None;
            }
        };
        Some(Definition { syntax, name: Some(name), at, value })
    }

    /// Binds the names of all definitions; a second one of a name is noted and binds nothing.
    fn declare(&mut self, parts: &[Part<'_>]) -> Vec<Option<Local>> {
        let mut seen = HashSet::new();
        let mut declare = |part: &Part<'_>| {
            let Part::Definition(definition) = part else { return None };
            let Some(name) = definition.name else {
                let local = self.fresh("values", definition.at);
                self.watch(local);
                return Some(local);
            };
            if seen.insert(name.clone()) {
                let local = self.bind(name, definition.at);
                self.watch(local);
                return Some(local);
            }
            let message = format!("`{name}` is defined twice");
            let finding = Diagnostic::new(Code::Duplicate, definition.at, message);
            self.note(finding.hint("values never change: give the second one another name"));
            None
        };
        parts.iter().map(&mut declare).collect()
    }

    /// What a part binds, with its value.
    pub(super) fn item(&mut self, part: &Part<'_>, local: Option<Local>) -> Option<Item> {
        let start = self.time();
        let value = match part {
            Part::Expression(datum) => self.operand(datum),
            Part::Definition(Definition { syntax, name, at, value }) => match (value, name) {
                (Value::Expression(datum), Some(name)) => self.named_operand(name, datum),
                (Value::Procedure { fixed, rest, body }, name) => {
                    let lambda = self.procedure(syntax, name.cloned(), fixed, *rest, body);
                    Expr { kind: ExprKind::Lambda(lambda), span: syntax.span }
                }
                (Value::Several { expression, count }, _) => {
                    self.spelled(expression, *count).is_none().then_some(())?;
                    let value = self.values_of(syntax.form, expression, *count);
                    self.latest = local;
                    value
                }
                (Value::OneOf { expression, count, index }, Some(name)) => {
                    self.one_of_several(name, expression, *count, *index)
                }
                (Value::Expression(_) | Value::OneOf { .. } | Value::Missing, _) => unspecified(*at),
            },
        };
        Some(Item { local, value, times: start..self.time() })
    }

    /// `define` where an expression stands.
    pub(super) fn misplaced(&mut self, syntax: &Syntax<'_>) -> Expr {
        let message = "a definition cannot stand where a value is expected";
        let finding = Diagnostic::new(Code::MisplacedDefine, syntax.head.span, message);
        self.fail(finding.hint("definitions stand at the top of the program or of a body"))
    }
}
