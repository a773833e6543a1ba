//! The text of kernel programs, for people and for tests.
//!
//! An S-expression in which each local has its number (`x.3`), so that no two bindings look alike.
//! What fits stays on a line. The text of a program tells everything of it but spans and the names of
//! procedures.

use super::{Expr, ExprKind, Lambda, Local, Program};
use crate::datum::Kind;
use std::fmt::{self, Formatter};

/// Where lines end.
const WIDTH: usize = 100;

impl fmt::Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parts = vec![atom("program"), list(self.inputs.iter().map(|local| self.local(*local)))];
        if !self.captures.is_empty() {
            let captures = self.captures.iter().map(|local| self.local(*local));
            parts.push(list([atom("captures")].into_iter().chain(captures)));
        }
        parts.push(self.expr(&self.body));
        Text { kept: 2, ..list(parts) }.write(f, 0)
    }
}

/// A text that can be broken into lines.
struct Text {
    /// The text itself, if it has no parts.
    word: String,
    parts: Option<Vec<Text>>,
    /// How many parts stay on the first line.
    kept: usize,
    /// Characters on one line; more than fit, if it must be broken.
    width: usize,
}

fn atom(word: impl Into<String>) -> Text {
    let word = word.into();
    Text { width: word.chars().count(), word, parts: None, kept: 0 }
}

fn list(parts: impl IntoIterator<Item = Text>) -> Text {
    let parts: Vec<_> = parts.into_iter().collect();
    let width = parts.iter().map(|part| part.width.saturating_add(1)).fold(1, usize::saturating_add);
    Text { word: String::new(), width: width.max(2), parts: Some(parts), kept: 1 }
}

impl Text {
    fn write(&self, f: &mut Formatter<'_>, indent: usize) -> fmt::Result {
        let Some(parts) = &self.parts else { return f.write_str(&self.word) };
        let flat = indent.saturating_add(self.width) <= WIDTH;
        f.write_str("(")?;
        let mut column = indent + 1;
        for (index, part) in parts.iter().enumerate() {
            if index > 0 && (flat || index < self.kept) {
                f.write_str(" ")?;
                column = column.saturating_add(1);
            } else if index > 0 {
                column = indent + if self.kept == 0 { 1 } else { 2 };
                write!(f, "\n{:column$}", "")?;
            }
            part.write(f, column)?;
            column = column.saturating_add(part.width);
        }
        f.write_str(")")
    }
}

impl Program {
    fn local(&self, local: Local) -> Text {
        let name = self.locals.get(local.0 as usize).map_or("?", |info| &info.name);
        atom(format!("{name}.{}", local.0))
    }

    fn expr(&self, expr: &Expr) -> Text {
        match &expr.kind {
            ExprKind::Quote(datum) => match datum.kind {
                Kind::Symbol(_) | Kind::List { .. } => atom(format!("'{datum}")),
                _ => atom(datum.to_string()),
            },
            ExprKind::Unspecified => atom("#!unspecified"),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Prim(prim) => atom(prim.name()),
            ExprKind::If(test, then, els) => {
                let parts = [&**test, then, els].map(|part| self.expr(part));
                Text { kept: 2, ..list([atom("if")].into_iter().chain(parts)) }
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::Let(bindings, body) => {
                self.bindings("let", bindings.iter().map(|(local, value)| (*local, self.expr(value))), body)
            }
            ExprKind::Fix(bindings, body) => self.bindings(
                "fix",
                bindings.iter().map(|(local, lambda)| (*local, self.lambda(lambda))),
                body,
            ),
            ExprKind::Begin(parts) => {
                list([atom("begin")].into_iter().chain(parts.iter().map(|part| self.expr(part))))
            }
            ExprKind::Call(head, operands) => {
                list([&**head].into_iter().chain(operands).map(|part| self.expr(part)))
            }
        }
    }

    /// Always on lines of their own.
    fn bindings(&self, word: &str, bindings: impl Iterator<Item = (Local, Text)>, body: &Expr) -> Text {
        let pairs = bindings.map(|(local, value)| Text { kept: 2, ..list([self.local(local), value]) });
        let pairs: Vec<_> = pairs.collect();
        let many = pairs.len() > 1;
        let mut bound = Text { kept: 0, ..list(pairs) };
        if many {
            bound.width = usize::MAX;
        }
        Text { kept: 2, width: usize::MAX, ..list([atom(word), bound, self.expr(body)]) }
    }

    fn lambda(&self, lambda: &Lambda) -> Text {
        let mut params: Vec<_> = lambda.params.iter().map(|local| self.local(*local)).collect();
        params.extend(lambda.rest.iter().flat_map(|rest| [atom("."), self.local(*rest)]));
        Text { kept: 2, ..list([atom("lambda"), list(params), self.expr(&lambda.body)]) }
    }
}
