//! A kernel program as data for the evaluator: a small language of lists, with places.
//!
//! Names are kept where they are unambiguous. A local whose name another local, a primitive or a
//! form of the small language has is given a fresh one, so that a program may shadow anything.

use scheme_core::{
    datum::{Bracket, Datum, Kind},
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    prim::Prim,
    span::Span,
};
use std::{collections::HashMap, rc::Rc};

/// The forms of the small language.
const FORMS: [&str; 6] = ["quote", "if", "begin", "let", "fix", "lambda"];

/// The program as one `lambda` of its inputs and then its parameters.
pub(super) fn data(program: &Program) -> Datum {
    let names = Names::new(program);
    let learnable = program.params.iter().map(|param| param.local);
    let params = program.inputs.iter().copied().chain(learnable).collect();
    let lambda = Lambda { name: None, params, rest: None, body: program.body.clone().into() };
    names.lambda(&lambda, program.body.span)
}

struct Names {
    of: Vec<Rc<str>>,
}

impl Names {
    fn new(program: &Program) -> Self {
        let mut uses: HashMap<&str, u32> = FORMS.iter().chain(&[""]).map(|form| (*form, 1)).collect();
        for local in &program.locals {
            *uses.entry(&local.name).or_default() += 1;
        }
        let fresh = |i: usize, name: &Rc<str>| {
            if uses.get(&**name) == Some(&1) && Prim::find(name).is_none() {
                return name.clone();
            }
            let mut text = format!("{name}.{i}");
            while uses.contains_key(text.as_str()) {
                text.push('\'');
            }
            text.into()
        };
        Self { of: program.locals.iter().enumerate().map(|(i, local)| fresh(i, &local.name)).collect() }
    }

    fn local(&self, local: Local, span: Span) -> Datum {
        symbol(self.of.get(local.0 as usize).map_or("", |name| name), span)
    }

    fn lambda(&self, lambda: &Lambda, span: Span) -> Datum {
        let name = match &lambda.name {
            Some(name) => symbol(name, span),
            None => truth(false, span),
        };
        let names = lambda.params.iter().chain(&lambda.rest).map(|p| self.local(*p, span)).collect();
        let count = Datum { kind: Kind::Number(lambda.params.len() as f64), span };
        form(
            "lambda",
            span,
            vec![name, count, truth(lambda.rest.is_some(), span), list(names, span), self.expr(&lambda.body)],
        )
    }

    fn expr(&self, expr: &Expr) -> Datum {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Quote(datum)
                if matches!(datum.kind, Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_)) =>
            {
                datum.clone()
            }
            ExprKind::Quote(datum) => form("quote", span, vec![datum.clone()]),
            ExprKind::Unspecified => form("begin", span, vec![]),
            ExprKind::Local(local) => self.local(*local, span),
            ExprKind::Prim(prim) => symbol(prim.name(), span),
            ExprKind::If(test, then, els) => form("if", span, [test, then, els].map(|e| self.expr(e)).into()),
            ExprKind::Lambda(lambda) => self.lambda(lambda, span),
            ExprKind::Let(bindings, body) => {
                let bindings = bindings.iter().map(|(local, value)| (*local, self.expr(value)));
                self.binding("let", bindings, body, span)
            }
            ExprKind::Fix(bindings, body) => {
                let bindings =
                    bindings.iter().map(|(local, lambda)| (*local, self.lambda(lambda, lambda.body.span)));
                self.binding("fix", bindings, body, span)
            }
            ExprKind::Begin(exprs) => form("begin", span, exprs.iter().map(|e| self.expr(e)).collect()),
            ExprKind::Call(head, operands) => {
                list(std::iter::once(&**head).chain(operands).map(|e| self.expr(e)).collect(), span)
            }
        }
    }

    fn binding(
        &self,
        name: &str,
        bindings: impl Iterator<Item = (Local, Datum)>,
        body: &Expr,
        span: Span,
    ) -> Datum {
        let bindings =
            bindings.map(|(local, value)| list(vec![self.local(local, span), value], span)).collect();
        form(name, span, vec![list(bindings, span), self.expr(body)])
    }
}

fn symbol(name: &str, span: Span) -> Datum {
    Datum { kind: Kind::Symbol(name.into()), span }
}

fn truth(b: bool, span: Span) -> Datum {
    Datum { kind: Kind::Bool(b), span }
}

fn list(items: Vec<Datum>, span: Span) -> Datum {
    Datum { kind: Kind::List { items, tail: None, bracket: Bracket::Round }, span }
}

fn form(name: &str, span: Span, mut operands: Vec<Datum>) -> Datum {
    operands.insert(0, symbol(name, span));
    list(operands, span)
}
