//! Makers of kernel nodes that desugaring needs in several places.

use super::{Expr, ExprKind, Local};
use crate::{
    datum::{Datum, Kind},
    prim::Prim,
    span::Span,
};

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

/// A reference that is no use of a definition.
pub(super) fn local(local: Local, span: Span) -> Expr {
    Expr { kind: ExprKind::Local(local), span }
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
