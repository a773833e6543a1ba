//! The forms that choose smoothly: `soft-if` and `soft-choice`.
//!
//! All that they choose from is evaluated. What they compute is what the page on the language says,
//! written out in primitives, or a procedure of the prelude.

use super::{
    Expr, ExprKind,
    node::{bindings, call, constant, local, prim_call, unspecified},
    prelude,
    state::{Desugar, Syntax},
};
use crate::{
    datum::{Datum, Kind},
    diag::{Code, Diagnostic},
    prim::{Numeric, Prim, Structural},
    span::Span,
};

fn numeric(row: Numeric, operands: Vec<Expr>, span: Span) -> Expr {
    prim_call(Prim::Numeric(row), operands, span)
}

fn number(x: f64, span: Span) -> Expr {
    constant(Datum { kind: Kind::Number(x), span })
}

impl Desugar {
    /// `(soft-if test a b width)`: g·a + (1 − g)·b, where g is the sigmoid of how far the test is from
    /// turning, in widths.
    pub(super) fn soft_if(&mut self, syntax: &Syntax<'_>) -> Expr {
        let span = syntax.span;
        let [test, then, els, width] = syntax.operands else {
            let at = syntax.operands.get(4).map_or(syntax.head.span, |more| more.span);
            return self.bad(syntax.form, at, "`soft-if` has a test, two values and a width");
        };
        let at = test.span;
        let test = self.operand(test);
        let Some((row, operands)) = comparison(test) else {
            let finding =
                Diagnostic::new(Code::BadForm, at, "the test of `soft-if` is no comparison of two numbers");
            return self.fail(
                finding.hint("(soft-if (< x limit) a b width): it measures how far x is below the limit"),
            );
        };
        let mut bound = Vec::new();
        let mut keep = |desugar: &mut Self, name: &str, value: Expr| {
            let kept = desugar.fresh(name, value.span);
            bound.push((kept, value));
            kept
        };
        let sides: Vec<_> = operands.into_iter().map(|side| keep(self, "side", side)).collect();
        let mut value = |desugar: &mut Self, name, datum| {
            let value = desugar.operand(datum);
            keep(desugar, name, value)
        };
        let (then, els, width) =
            (value(self, "then", then), value(self, "else", els), value(self, "width", width));
        let zero = || number(0.0, at);
        let side = |index: usize| sides.get(index).map_or_else(zero, |side| local(*side, at));
        // How far the greater side is above the lesser.
        let (upper, lower) = match row {
            Numeric::Less | Numeric::LessEq => (side(1), side(0)),
            Numeric::IsNegative => (zero(), side(0)),
            _ => (side(0), side(1)),
        };
        let distance = numeric(Numeric::Sub, vec![upper, lower], at);
        let scaled = numeric(Numeric::Div, vec![distance, local(width, span)], at);
        let gate = self.fresh("gate", at);
        bound.push((gate, numeric(Numeric::Sigmoid, vec![scaled], at)));
        let rest = numeric(Numeric::Sub, vec![number(1.0, span), local(gate, span)], span);
        let parts = vec![
            numeric(Numeric::Mul, vec![local(gate, span), local(then, span)], span),
            numeric(Numeric::Mul, vec![rest, local(els, span)], span),
        ];
        bindings(bound, numeric(Numeric::Add, parts, span), span)
    }

    /// `(soft-choice (a b …) logits temperature noise)`: the mean of the alternatives by the softmax of
    /// (logits + noise) / temperature.
    pub(super) fn soft_choice(&mut self, syntax: &Syntax<'_>) -> Expr {
        let span = syntax.span;
        let (alternatives, options) = match syntax.operands {
            [alternatives, options @ ..] if (1..=3).contains(&options.len()) => (alternatives, options),
            [] | [_] => {
                return self.bad(
                    syntax.form,
                    syntax.head.span,
                    "`soft-choice` has alternatives and their logits",
                );
            }
            [_, _, _, _, more, ..] => {
                return self.bad(syntax.form, more.span, "`soft-choice` has nothing after the noise");
            }
            _ => {
                return self.bad(
                    syntax.form,
                    syntax.head.span,
                    "`soft-choice` has alternatives and their logits",
                );
            }
        };
        let Some(items) = alternatives.list().filter(|items| !items.is_empty()) else {
            return self.bad(syntax.form, alternatives.span, "the alternatives are a list of expressions");
        };
        let items = self.operands(items);
        let list = |items, span| prim_call(Prim::Structural(Structural::List), items, span);
        let mut operands = vec![list(items, alternatives.span)];
        operands.extend(self.operands(options));
        if operands.len() == 2 {
            operands.push(number(1.0, span));
        }
        if operands.len() == 3 {
            operands.push(constant(Datum { kind: Kind::Bool(false), span }));
        }
        let Some(at) = prelude::names().iter().position(|name| *name == "%soft-choice") else {
            return unspecified(span);
        };
        let head = self.of_prelude(at, syntax.head.span);
        call(head, operands, span)
    }
}

/// The row and the operands of a comparison whose sides have a signed distance.
fn comparison(test: Expr) -> Option<(Numeric, Vec<Expr>)> {
    let ExprKind::Call(head, operands) = test.kind else { return None };
    let ExprKind::Prim(Prim::Numeric(row)) = head.kind else { return None };
    let sides = match row {
        Numeric::Less | Numeric::LessEq | Numeric::Greater | Numeric::GreaterEq => 2,
        Numeric::IsPositive | Numeric::IsNegative => 1,
        _ => return None,
    };
    (operands.len() == sides).then_some((row, operands))
}
