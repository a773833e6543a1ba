//! A kernel program as data for the evaluator: a small language of lists, with places.
//!
//! Names are there for those who read it. What a name means is told by numbers: the rib that has its value, counted
//! from the outermost, and the index there. So a program may shadow anything, and analysing takes linear time.
//! Where many values are together, the numbers are a way through vectors of [`MANY`] parts, so that none is far.

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
    let addresses = vec![Address::default(); program.locals.len()];
    Writing { program, addresses }.lambda(&lambda, program.body.span, 0)
}

/// More values than these are not kept in a list, nor more ribs of one `let`.
const MANY: usize = 32;

/// Where the value of a local is.
#[derive(Clone, Default)]
struct Address {
    form: &'static str,
    rib: usize,
    place: Place,
}

/// Where in its rib.
#[derive(Clone)]
enum Place {
    /// In the list.
    Index(usize),
    /// Through vectors, the outermost last.
    Way(Vec<usize>),
    /// It is the rib.
    Rib,
}

impl Default for Place {
    fn default() -> Self {
        Self::Index(0)
    }
}

struct Writing<'a> {
    program: &'a Program,
    /// By local, once its binding was met.
    addresses: Vec<Address>,
}

impl Writing<'_> {
    /// Locals get the places of one rib.
    fn open(
        &mut self,
        form: &'static str,
        rib: usize,
        locals: impl IntoIterator<Item = Local>,
        place: impl Fn(usize) -> Place,
    ) {
        for (index, local) in locals.into_iter().enumerate() {
            if let Some(address) = self.addresses.get_mut(local.0 as usize) {
                *address = Address { form, rib, place: place(index) };
            }
        }
    }

    /// Locals of a `let` get their places in one rib, packed from those that so many of them had together.
    fn pack<'l>(&mut self, rib: usize, locals: impl IntoIterator<Item = &'l Local>, together: usize) {
        for (index, local) in locals.into_iter().enumerate() {
            let Some(address) = self.addresses.get_mut(local.0 as usize) else { continue };
            address.rib = rib;
            match &mut address.place {
                Place::Way(way) => way.push(index / together),
                place => *place = Place::Way(vec![index / together]),
            }
        }
    }

    fn name(&self, local: Local, span: Span) -> Datum {
        symbol(self.program.locals.get(local.0 as usize).map_or("", |info| &info.name), span)
    }

    fn mention(&self, local: Local, span: Span) -> Datum {
        let Some(Address { form, rib, place }) = self.addresses.get(local.0 as usize) else {
            return symbol("", span);
        };
        let mut items = vec![symbol(form, span), self.name(local, span), number(*rib, span)];
        let tail = match place {
            Place::Index(index) => Some(number(*index, span).into()),
            Place::Way(way) => {
                items.extend(way.iter().rev().map(|index| number(*index, span)));
                None
            }
            Place::Rib => None,
        };
        Datum { kind: Kind::List { items, tail, bracket: Bracket::Round }, span }
    }

    /// A lambda where so many ribs are open.
    fn lambda(&mut self, lambda: &Lambda, span: Span, depth: usize) -> Datum {
        let name = match &lambda.name {
            Some(name) => symbol(name, span),
            None => truth(false, span),
        };
        let locals = || lambda.params.iter().chain(&lambda.rest).copied();
        let many = locals().count() > MANY;
        let place = |index| if many { Place::Way(vec![index]) } else { Place::Index(index) };
        self.open("variable", depth, locals(), place);
        let names: Vec<Datum> = locals().map(|local| self.name(local, span)).collect();
        let names = if many { Datum { kind: Kind::Vector(names), span } } else { list(names, span) };
        let parts = vec![
            name,
            number(lambda.params.len(), span),
            truth(lambda.rest.is_some(), span),
            names,
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
                let (written, depth) = self.bindings(bindings, span, depth);
                form("let", span, vec![list(written, span), self.expr(body, depth)])
            }
            ExprKind::Fix(bindings, body) => {
                let alone = bindings.len() == 1;
                let place = |index| if alone { Place::Rib } else { Place::Index(index) };
                self.open("procedure", depth, bindings.iter().map(|(local, _)| *local), place);
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

    /// The bindings of a `let`, and how many ribs are open after them. Of many, each [`MANY`] ribs are packed
    /// into one, and each so many of those again.
    fn bindings(&mut self, bindings: &[(Local, Expr)], span: Span, mut depth: usize) -> (Vec<Datum>, usize) {
        let mut written = Vec::with_capacity(bindings.len());
        for (before, (local, value)) in bindings.iter().enumerate() {
            written.push(self.binding(*local, span, |here| here.expr(value, depth)));
            self.open("variable", depth, [*local], Place::Index);
            depth += 1;
            let (done, mut together) = (&bindings[..=before], 1);
            while bindings.len() > MANY && done.len().is_multiple_of(together * MANY) {
                written.push(number(MANY, span));
                depth -= MANY - 1;
                let packed = &done[done.len() - together * MANY..];
                self.pack(depth - 1, packed.iter().map(|(local, _)| local), together);
                together *= MANY;
            }
        }
        (written, depth)
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
