//! The text of kernel programs, for people and for tests.
//!
//! An S-expression in which each local has its number (`x.3`), so that no two bindings look alike.
//! Bindings and sequences break the line; the rest stays on it.

use super::{Expr, ExprKind, Lambda, Local, Program};
use crate::datum::{Datum, Kind};
use std::fmt::{self, Formatter};

impl fmt::Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let print = Print { program: self };
        f.write_str("(program (")?;
        print.locals(f, &self.inputs)?;
        f.write_str(")")?;
        if !self.captures.is_empty() {
            f.write_str(" (captures ")?;
            print.locals(f, &self.captures)?;
            f.write_str(")")?;
        }
        print.line(f, 2)?;
        print.expr(f, &self.body, 2)?;
        f.write_str(")")
    }
}

struct Print<'a> {
    program: &'a Program,
}

impl Print<'_> {
    fn line(&self, f: &mut Formatter<'_>, indent: usize) -> fmt::Result {
        write!(f, "\n{:indent$}", "")
    }

    fn local(&self, f: &mut Formatter<'_>, local: Local) -> fmt::Result {
        let name = self.program.locals.get(local.0 as usize).map_or("?", |info| &info.name);
        write!(f, "{name}.{}", local.0)
    }

    fn locals(&self, f: &mut Formatter<'_>, locals: &[Local]) -> fmt::Result {
        for (index, local) in locals.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            self.local(f, *local)?;
        }
        Ok(())
    }

    fn expr(&self, f: &mut Formatter<'_>, expr: &Expr, indent: usize) -> fmt::Result {
        match &expr.kind {
            ExprKind::Quote(datum) => quote(f, datum),
            ExprKind::Unspecified => f.write_str("#!unspecified"),
            ExprKind::Local(local) => self.local(f, *local),
            ExprKind::Prim(prim) => f.write_str(prim.name()),
            ExprKind::If(test, then, els) => self.parts(f, "if", [&**test, then, els], indent),
            ExprKind::Lambda(lambda) => self.lambda(f, lambda, indent),
            ExprKind::Let(bindings, body) => {
                f.write_str("(let (")?;
                for (index, (local, value)) in bindings.iter().enumerate() {
                    self.binding(f, index, *local, indent + 6)?;
                    self.expr(f, value, indent + 8)?;
                    f.write_str(")")?;
                }
                f.write_str(")")?;
                self.body(f, body, indent)
            }
            ExprKind::Fix(bindings, body) => {
                f.write_str("(fix (")?;
                for (index, (local, lambda)) in bindings.iter().enumerate() {
                    self.binding(f, index, *local, indent + 6)?;
                    self.lambda(f, lambda, indent + 8)?;
                    f.write_str(")")?;
                }
                f.write_str(")")?;
                self.body(f, body, indent)
            }
            ExprKind::Begin(parts) => {
                f.write_str("(begin")?;
                for part in parts {
                    self.line(f, indent + 2)?;
                    self.expr(f, part, indent + 2)?;
                }
                f.write_str(")")
            }
            ExprKind::Call(head, operands) => {
                f.write_str("(")?;
                self.expr(f, head, indent + 1)?;
                for operand in operands {
                    f.write_str(" ")?;
                    self.expr(f, operand, indent + 2)?;
                }
                f.write_str(")")
            }
        }
    }

    fn binding(&self, f: &mut Formatter<'_>, index: usize, local: Local, indent: usize) -> fmt::Result {
        if index > 0 {
            self.line(f, indent)?;
        }
        f.write_str("(")?;
        self.local(f, local)?;
        f.write_str(" ")
    }

    fn body(&self, f: &mut Formatter<'_>, body: &Expr, indent: usize) -> fmt::Result {
        self.line(f, indent + 2)?;
        self.expr(f, body, indent + 2)?;
        f.write_str(")")
    }

    fn parts(&self, f: &mut Formatter<'_>, word: &str, parts: [&Expr; 3], indent: usize) -> fmt::Result {
        write!(f, "({word}")?;
        for part in parts {
            f.write_str(" ")?;
            self.expr(f, part, indent + 2)?;
        }
        f.write_str(")")
    }

    fn lambda(&self, f: &mut Formatter<'_>, lambda: &Lambda, indent: usize) -> fmt::Result {
        f.write_str("(lambda (")?;
        self.locals(f, &lambda.params)?;
        if let Some(rest) = lambda.rest {
            f.write_str(if lambda.params.is_empty() { ". " } else { " . " })?;
            self.local(f, rest)?;
        }
        f.write_str(") ")?;
        self.expr(f, &lambda.body, indent + 2)?;
        f.write_str(")")
    }
}

/// A constant: data that do not stand for themselves are quoted.
fn quote(f: &mut Formatter<'_>, datum: &Datum) -> fmt::Result {
    match datum.kind {
        Kind::Symbol(_) | Kind::List { .. } => write!(f, "'{datum}"),
        _ => write!(f, "{datum}"),
    }
}
