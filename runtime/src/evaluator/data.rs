//! A kernel program as data for the evaluator: a small language of lists, with places.
//!
//! Names are there for those who read it. What a name means is told by numbers: the rib that has its value, counted
//! from the outermost, and the index there. So a program may shadow anything, and analysing takes linear time.

use scheme_core::{
    datum::{Bracket, Datum, Kind},
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    span::Span,
};

/// The program as one `lambda` of its inputs and then its parameters.
pub(super) fn data(program: &Program) -> Datum {
    let learnable = program.params.iter().map(|param| param.local);
    let params = program.inputs.iter().copied().chain(learnable).collect();
    let lambda = Lambda { name: None, params, rest: None, body: program.body.clone().into() };
    let addresses = vec![Address { form: "variable", rib: 0, index: 0 }; program.locals.len()];
    Writing { program, addresses }.lambda(&lambda, program.body.span, 0)
}

/// Where the value of a local is.
#[derive(Clone, Copy)]
struct Address {
    form: &'static str,
    rib: usize,
    index: usize,
}

struct Writing<'a> {
    program: &'a Program,
    /// By local, once its binding was met.
    addresses: Vec<Address>,
}

impl Writing<'_> {
    /// Locals get the places of one rib.
    fn open(&mut self, form: &'static str, rib: usize, locals: impl IntoIterator<Item = Local>) {
        for (index, local) in locals.into_iter().enumerate() {
            if let Some(address) = self.addresses.get_mut(local.0 as usize) {
                *address = Address { form, rib, index };
            }
        }
    }

    fn name(&self, local: Local, span: Span) -> Datum {
        symbol(self.program.locals.get(local.0 as usize).map_or("", |info| &info.name), span)
    }

    fn mention(&self, local: Local, span: Span) -> Datum {
        let Some(Address { form, rib, index }) = self.addresses.get(local.0 as usize).copied() else {
            return symbol("", span);
        };
        let items = vec![symbol(form, span), self.name(local, span), number(rib, span)];
        let tail = Some(number(index, span).into());
        Datum { kind: Kind::List { items, tail, bracket: Bracket::Round }, span }
    }

    /// A lambda where so many ribs are open.
    fn lambda(&mut self, lambda: &Lambda, span: Span, depth: usize) -> Datum {
        let name = match &lambda.name {
            Some(name) => symbol(name, span),
            None => truth(false, span),
        };
        let locals = || lambda.params.iter().chain(&lambda.rest).copied();
        self.open("variable", depth, locals());
        let names = locals().map(|local| self.name(local, span)).collect();
        let parts = vec![
            name,
            number(lambda.params.len(), span),
            truth(lambda.rest.is_some(), span),
            list(names, span),
            self.expr(&lambda.body, depth + 1),
        ];
        form("lambda", span, parts)
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, depth: usize) -> Vec<Datum> {
        exprs.into_iter().map(|expr| self.expr(expr, depth)).collect()
    }

    fn expr(&mut self, expr: &Expr, depth: usize) -> Datum {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Quote(datum)
                if matches!(datum.kind, Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_)) =>
            {
                datum.clone()
            }
            ExprKind::Quote(datum) => form("quote", span, vec![datum.clone()]),
            ExprKind::Unspecified => form("begin", span, vec![]),
            ExprKind::Local(local) => self.mention(*local, span),
            ExprKind::Prim(prim) => symbol(prim.name(), span),
            ExprKind::If(test, then, els) => form("if", span, self.all([&**test, &**then, &**els], depth)),
            ExprKind::Lambda(lambda) => self.lambda(lambda, span, depth),
            ExprKind::Let(bindings, body) => {
                let mut written = Vec::with_capacity(bindings.len());
                for (before, (local, value)) in bindings.iter().enumerate() {
                    written.push(self.binding(*local, span, |here| here.expr(value, depth + before)));
                    self.open("variable", depth + before, [*local]);
                }
                form("let", span, vec![list(written, span), self.expr(body, depth + bindings.len())])
            }
            ExprKind::Fix(bindings, body) => {
                self.open("procedure", depth, bindings.iter().map(|(local, _)| *local));
                let one = |here: &mut Self, lambda: &Lambda| here.lambda(lambda, lambda.body.span, depth + 1);
                let written = bindings.iter();
                let written =
                    written.map(|(local, lambda)| self.binding(*local, span, |here| one(here, lambda)));
                let written = written.collect();
                form("fix", span, vec![list(written, span), self.expr(body, depth + 1)])
            }
            ExprKind::Begin(exprs) => form("begin", span, self.all(exprs, depth)),
            ExprKind::Call(head, operands) => {
                list(self.all(std::iter::once(&**head).chain(operands), depth), span)
            }
        }
    }

    fn binding(&mut self, local: Local, span: Span, value: impl FnOnce(&mut Self) -> Datum) -> Datum {
        let value = value(self);
        list(vec![self.name(local, span), value], span)
    }
}

fn symbol(name: &str, span: Span) -> Datum {
    Datum { kind: Kind::Symbol(name.into()), span }
}

fn truth(b: bool, span: Span) -> Datum {
    Datum { kind: Kind::Bool(b), span }
}

fn number(n: usize, span: Span) -> Datum {
    Datum { kind: Kind::Number(n as f64), span }
}

fn list(items: Vec<Datum>, span: Span) -> Datum {
    Datum { kind: Kind::List { items, tail: None, bracket: Bracket::Round }, span }
}

fn form(name: &str, span: Span, mut operands: Vec<Datum>) -> Datum {
    operands.insert(0, symbol(name, span));
    list(operands, span)
}
