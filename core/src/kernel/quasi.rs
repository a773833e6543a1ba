//! `quasiquote`: templates become calls of `list`, `cons` and `append`.
//!
//! A template without holes is one constant, as is each part of one that has none.

use super::{
    Expr,
    known::Form,
    node::{constant, prim_call},
    state::{Desugar, Syntax},
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    prim::{Prim, Structural},
    span::Span,
};

const FORM: Form = Form::Quasiquote;

/// A quasiquote form inside a template.
enum Inner<'a> {
    Quasi(&'a Datum),
    Unquote(&'a Datum),
    Splicing(&'a Datum),
}

/// Part of a list being built.
enum Segment {
    /// Items, with the span of all.
    Items(Vec<Expr>, Span),
    /// A list spliced in.
    Spliced(Expr),
}

impl Desugar {
    /// `(quasiquote template)`.
    pub(super) fn quasiquote(&mut self, syntax: &Syntax<'_>) -> Expr {
        match syntax.operands {
            [template] => self.filled(template, 1),
            [] => self.bad(FORM, syntax.head.span, "`quasiquote` has no template"),
            [_, more, ..] => self.bad(FORM, more.span, "`quasiquote` takes one template"),
        }
    }

    /// A template as an expression.
    fn filled(&mut self, template: &Datum, level: u32) -> Expr {
        self.template(template, level).unwrap_or_else(|| constant(template.clone()))
    }

    /// A template inside as many quasiquotes as `level` says; nothing, if it has no holes.
    fn template(&mut self, template: &Datum, level: u32) -> Option<Expr> {
        if !self.enter() {
            return Some(self.deep(template.span));
        }
        let expr = self.template_kind(template, level);
        self.leave();
        expr
    }

    fn template_kind(&mut self, template: &Datum, level: u32) -> Option<Expr> {
        let span = template.span;
        match &template.kind {
            Kind::Splice(_) => Some(self.operand(template)),
            Kind::Vector(items) => {
                let list = self.items(items, None, span, level)?;
                Some(match Prim::find("list->vector") {
                    Some(prim) => prim_call(prim, vec![list], span),
                    None => {
                        let message = "a vector with holes is not available in this version yet";
                        self.fail(Diagnostic::new(Code::NotYet, span, message))
                    }
                })
            }
            Kind::List { items, tail, .. } => match self.inner(template) {
                Some(Inner::Unquote(datum)) if level == 1 => Some(self.operand(datum)),
                Some(Inner::Splicing(datum)) if level == 1 => {
                    self.operand(datum);
                    Some(self.bad(FORM, span, "`,@` does not stand in a list"))
                }
                Some(Inner::Unquote(datum) | Inner::Splicing(datum)) => {
                    self.kept(items, datum, span, level - 1)
                }
                Some(Inner::Quasi(datum)) => self.kept(items, datum, span, level + 1),
                None => self.items(items, tail.as_deref(), span, level),
            },
            _ => None,
        }
    }

    /// The form inside the template that a datum is.
    fn inner<'a>(&self, datum: &'a Datum) -> Option<Inner<'a>> {
        match (&datum.kind, datum.list()?) {
            (Kind::List { bracket: Bracket::Round, .. }, [head, operand]) => self.inner_of(head, operand),
            _ => None,
        }
    }

    fn inner_of<'a>(&self, head: &Datum, operand: &'a Datum) -> Option<Inner<'a>> {
        let name = head.symbol().filter(|name| self.is_word(head, name))?;
        match name {
            "quasiquote" => Some(Inner::Quasi(operand)),
            "unquote" => Some(Inner::Unquote(operand)),
            "unquote-splicing" => Some(Inner::Splicing(operand)),
            _ => None,
        }
    }

    /// A form of another level, kept as data: a list of its word and the template inside.
    fn kept(&mut self, items: &[Datum], datum: &Datum, span: Span, level: u32) -> Option<Expr> {
        let inner = self.template(datum, level)?;
        let word = items.first().map(|word| constant(word.clone()));
        Some(prim_call(Prim::Structural(Structural::List), word.into_iter().chain([inner]).collect(), span))
    }

    /// A list of templates; nothing, if none has holes.
    fn items(&mut self, items: &[Datum], tail: Option<&Datum>, span: Span, level: u32) -> Option<Expr> {
        // `(a . ,b)` is read as `(a unquote b)`.
        let (items, dotted) = match items {
            [before @ .., word, operand] if tail.is_none() && !before.is_empty() => {
                match self.inner_of(word, operand) {
                    Some(Inner::Unquote(datum)) => (before, Some((word, datum))),
                    _ => (items, None),
                }
            }
            _ => (items, None),
        };
        let mut segments = Vec::new();
        let mut holes = false;
        for item in items {
            let expr = match self.inner(item) {
                Some(Inner::Splicing(datum)) if level == 1 => {
                    holes = true;
                    segments.push(Segment::Spliced(self.operand(datum)));
                    continue;
                }
                _ => self.template(item, level),
            };
            holes |= expr.is_some();
            let expr = expr.unwrap_or_else(|| constant(item.clone()));
            match segments.last_mut() {
                Some(Segment::Items(exprs, span)) => {
                    *span = span.to(item.span);
                    exprs.push(expr);
                }
                _ => segments.push(Segment::Items(vec![expr], item.span)),
            }
        }
        let end = match (dotted, tail) {
            (Some((_, datum)), _) if level == 1 => {
                holes = true;
                Some(self.operand(datum))
            }
            (Some((word, datum)), _) => {
                let inner = self.kept(std::slice::from_ref(word), datum, datum.span, level - 1);
                holes |= inner.is_some();
                Some(inner.unwrap_or_else(|| {
                    let items = vec![word.clone(), datum.clone()];
                    let kind = Kind::List { items, tail: None, bracket: Bracket::Round };
                    constant(Datum { kind, span: datum.span })
                }))
            }
            (None, Some(tail)) => {
                let inner = self.template(tail, level);
                holes |= inner.is_some();
                Some(inner.unwrap_or_else(|| constant(tail.clone())))
            }
            (None, None) => None,
        };
        holes.then(|| join(segments, end, span))
    }
}

/// One list of segments and an end.
fn join(mut segments: Vec<Segment>, end: Option<Expr>, span: Span) -> Expr {
    let prim = |row, operands| prim_call(Prim::Structural(row), operands, span);
    if let ([Segment::Items(items, _)], Some(_)) = (&mut segments[..], &end)
        && items.len() == 1
    {
        return prim(Structural::Cons, items.drain(..).chain(end).collect());
    }
    let parts = segments.into_iter().map(|segment| match segment {
        Segment::Items(items, at) => prim_call(Prim::Structural(Structural::List), items, at),
        Segment::Spliced(list) => list,
    });
    let mut parts: Vec<_> = parts.chain(end).collect();
    match parts.len() {
        1 => Expr { span, ..parts.swap_remove(0) },
        _ => prim(Structural::Append, parts),
    }
}
