//! A kernel program as data for the evaluator, in a machine's heap: a small language of lists, with places.
//!
//! Names are there for those who read it. What a name means is told by numbers: the rib that has its value, counted
//! from the outermost, and the index there. So a program may shadow anything, and analysing takes linear time.
//! Where many values are together, the numbers are a way through vectors of [`MANY`] parts, so that none is far.

use crate::{
    heap::{Full, Heap},
    value::Value,
};
use scheme_core::{
    datum::{Datum, Kind},
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    span::Span,
};
use std::{collections::HashMap, sync::Arc};

/// A program in a heap.
pub(super) struct Written {
    pub(super) value: Value,
    /// The symbols in it after those that were known.
    pub(super) symbols: Vec<Arc<str>>,
    /// What its places are in the text, by number: 0 is no place, 1 is the first.
    pub(super) spans: Vec<Span>,
}

/// The program as one `lambda` of its inputs and then its parameters, with symbols numbered after the `known` ones. The first
/// pair of each list has a place.
pub(super) fn data(program: &Program, known: &[&'static str], heap: &mut Heap) -> Result<Written, Full> {
    let learnable = program.params.iter().map(|param| param.local);
    let params: Vec<Local> = program.inputs.iter().copied().chain(learnable).collect();
    let mut writing = Writing {
        program,
        heap,
        numbers: known.iter().copied().zip(0..).collect(),
        symbols: Vec::new(),
        spans: Vec::new(),
        addresses: vec![None; program.locals.len()],
        items: Vec::new(),
    };
    let body = &program.body;
    let value = writing.procedure(None, &params, None, body, body.span, 0)?;
    Ok(Written { value, symbols: writing.symbols, spans: writing.spans })
}

/// More values than these are not kept in a list, nor more ribs of one `let`.
const MANY: usize = 32;

/// Where the value of a local is.
#[derive(Clone)]
struct Address {
    /// What a mention starts with.
    form: Value,
    name: Value,
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

struct Writing<'a> {
    program: &'a Program,
    heap: &'a mut Heap,
    /// Of symbols, by name.
    numbers: HashMap<&'a str, u32>,
    symbols: Vec<Arc<str>>,
    spans: Vec<Span>,
    /// By local, once its binding was met.
    addresses: Vec<Option<Address>>,
    /// Of the lists that are being written, those inside others last.
    items: Vec<Value>,
}

impl<'a> Writing<'a> {
    /// Locals get the places of one rib.
    fn open(
        &mut self,
        form: &'static str,
        rib: usize,
        locals: impl IntoIterator<Item = Local>,
        place: impl Fn(usize) -> Place,
    ) {
        let form = self.symbol(form);
        for (index, local) in locals.into_iter().enumerate() {
            let program = self.program;
            let Some(info) = program.locals.get(local.0 as usize) else { continue };
            let name = self.symbol(&info.name);
            if let Some(address) = self.addresses.get_mut(local.0 as usize) {
                *address = Some(Address { form, name, rib, place: place(index) });
            }
        }
    }

    fn address(&mut self, local: Local) -> Option<&mut Address> {
        self.addresses.get_mut(local.0 as usize)?.as_mut()
    }

    /// Locals of a `let` get their places in one rib, packed from those that so many of them had together.
    fn pack<'l>(&mut self, rib: usize, locals: impl IntoIterator<Item = &'l Local>, together: usize) {
        for (index, local) in locals.into_iter().enumerate() {
            let Some(address) = self.address(*local) else { continue };
            address.rib = rib;
            match &mut address.place {
                Place::Way(way) => way.push(index / together),
                place => *place = Place::Way(vec![index / together]),
            }
        }
    }

    fn symbol(&mut self, name: &'a str) -> Value {
        let next = self.numbers.len() as u32;
        let number = self.numbers.entry(name).or_insert_with(|| {
            self.symbols.push(name.into());
            next
        });
        Value::symbol(*number)
    }

    /// The name of a local whose binding was met.
    fn name(&mut self, local: Local) -> Value {
        self.address(local).map_or(Value::UNSPECIFIED, |address| address.name)
    }

    /// The list of the items from one on, before a tail.
    fn list(&mut self, from: usize, tail: Value, span: Span) -> Result<Value, Full> {
        self.spans.push(span);
        let place = self.spans.len() as u32;
        let mut list = tail;
        for (i, item) in self.items.drain(from..).enumerate().rev() {
            list = self.heap.pair(item, list, if i == 0 { place } else { 0 })?;
        }
        Ok(list)
    }

    /// The vector of the items from one on.
    fn vector(&mut self, from: usize) -> Result<Value, Full> {
        let vector = self.heap.vector(self.items.get(from..).unwrap_or_default());
        self.items.truncate(from);
        vector
    }

    fn mention(&mut self, local: Local, span: Span) -> Result<Value, Full> {
        let from = self.items.len();
        let Some(Some(Address { form, name, rib, place })) = self.addresses.get(local.0 as usize) else {
            return Ok(Value::UNSPECIFIED);
        };
        self.items.extend([*form, *name, number(*rib)]);
        let tail = match place {
            Place::Index(index) => number(*index),
            Place::Way(way) => {
                self.items.extend(way.iter().rev().map(|index| number(*index)));
                Value::NIL
            }
            Place::Rib => Value::NIL,
        };
        self.list(from, tail, span)
    }

    /// A form of this name and of the parts that are written.
    fn form(
        &mut self,
        name: &'static str,
        span: Span,
        parts: impl FnOnce(&mut Self) -> Result<(), Full>,
    ) -> Result<Value, Full> {
        let from = self.items.len();
        let name = self.symbol(name);
        self.items.push(name);
        parts(self)?;
        self.list(from, Value::NIL, span)
    }

    /// A lambda where so many ribs are open.
    fn lambda(&mut self, lambda: &'a Lambda, span: Span, depth: usize) -> Result<Value, Full> {
        let Lambda { name, params, rest, body } = lambda;
        self.procedure(name.as_deref(), params, *rest, body, span, depth)
    }

    fn procedure(
        &mut self,
        name: Option<&'a str>,
        params: &[Local],
        rest: Option<Local>,
        body: &'a Expr,
        span: Span,
        depth: usize,
    ) -> Result<Value, Full> {
        let name = name.map_or(Value::bool(false), |name| self.symbol(name));
        let locals = || params.iter().copied().chain(rest);
        let many = locals().count() > MANY;
        let place = |index| if many { Place::Way(vec![index]) } else { Place::Index(index) };
        self.open("variable", depth, locals(), place);
        self.form("lambda", span, |here| {
            here.items.extend([name, number(params.len()), Value::bool(rest.is_some())]);
            let from = here.items.len();
            for local in locals() {
                let name = here.name(local);
                here.items.push(name);
            }
            let names = if many { here.vector(from)? } else { here.list(from, Value::NIL, span)? };
            here.items.push(names);
            here.all([body], depth + 1)
        })
    }

    /// Expressions as items.
    fn all(&mut self, exprs: impl IntoIterator<Item = &'a Expr>, depth: usize) -> Result<(), Full> {
        for expr in exprs {
            let item = self.expr(expr, depth)?;
            self.items.push(item);
        }
        Ok(())
    }

    fn expr(&mut self, expr: &'a Expr, depth: usize) -> Result<Value, Full> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Quote(datum)
                if matches!(datum.kind, Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_)) =>
            {
                self.datum(datum)
            }
            ExprKind::Quote(datum) => self.form("quote", span, |here| {
                let datum = here.datum(datum)?;
                here.items.push(datum);
                Ok(())
            }),
            ExprKind::Unspecified => self.form("begin", span, |_| Ok(())),
            ExprKind::Local(local) => self.mention(*local, span),
            ExprKind::Prim(prim) => Ok(self.symbol(prim.name())),
            ExprKind::If(test, then, els) => {
                self.form("if", span, |here| here.all([&**test, &**then, &**els], depth))
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda, span, depth),
            ExprKind::Let(bindings, body) => self.form("let", span, |here| {
                let depth = here.bindings(bindings, span, depth)?;
                here.all([&**body], depth)
            }),
            ExprKind::Fix(bindings, body) => self.form("fix", span, |here| {
                here.procedures(bindings, span, depth)?;
                here.all([&**body], depth + 1)
            }),
            ExprKind::Begin(exprs) => self.form("begin", span, |here| here.all(exprs, depth)),
            ExprKind::Call(head, operands) => {
                let from = self.items.len();
                self.all([&**head], depth)?;
                self.all(operands, depth)?;
                self.list(from, Value::NIL, span)
            }
        }
    }

    /// The bindings of a `let` as an item; gives how many ribs are open after them. Of many, each [`MANY`] ribs are
    /// packed into one, and each so many of those again.
    fn bindings(
        &mut self,
        bindings: &'a [(Local, Expr)],
        span: Span,
        mut depth: usize,
    ) -> Result<usize, Full> {
        let from = self.items.len();
        for (before, (local, value)) in bindings.iter().enumerate() {
            let value = self.expr(value, depth)?;
            self.open("variable", depth, [*local], Place::Index);
            self.binding(*local, value, span)?;
            depth += 1;
            let (done, mut together) = (&bindings[..=before], 1);
            while bindings.len() > MANY && done.len().is_multiple_of(together * MANY) {
                self.items.push(number(MANY));
                depth -= MANY - 1;
                let packed = &done[done.len() - together * MANY..];
                self.pack(depth - 1, packed.iter().map(|(local, _)| local), together);
                together *= MANY;
            }
        }
        let written = self.list(from, Value::NIL, span)?;
        self.items.push(written);
        Ok(depth)
    }

    /// The bindings of a `fix` as an item.
    fn procedures(&mut self, bindings: &'a [(Local, Lambda)], span: Span, depth: usize) -> Result<(), Full> {
        let alone = bindings.len() == 1;
        let place = |index| if alone { Place::Rib } else { Place::Index(index) };
        self.open("procedure", depth, bindings.iter().map(|(local, _)| *local), place);
        let from = self.items.len();
        for (local, lambda) in bindings {
            let value = self.lambda(lambda, lambda.body.span, depth + 1)?;
            self.binding(*local, value, span)?;
        }
        let written = self.list(from, Value::NIL, span)?;
        self.items.push(written);
        Ok(())
    }

    /// A binding as an item.
    fn binding(&mut self, local: Local, value: Value, span: Span) -> Result<(), Full> {
        let from = self.items.len();
        let name = self.name(local);
        self.items.extend([name, value]);
        let binding = self.list(from, Value::NIL, span)?;
        self.items.push(binding);
        Ok(())
    }

    /// A datum as it was read.
    fn datum(&mut self, datum: &'a Datum) -> Result<Value, Full> {
        let from = self.items.len();
        match &datum.kind {
            Kind::Number(x) => Ok(Value::num(*x)),
            Kind::Bool(b) => Ok(Value::bool(*b)),
            Kind::Char(c) => Ok(Value::char(*c)),
            Kind::Symbol(name) => Ok(self.symbol(name)),
            Kind::Str(text) => self.heap.string(text),
            Kind::List { items, tail, .. } => {
                self.data(items)?;
                let tail = tail.as_deref().map_or(Ok(Value::NIL), |tail| self.datum(tail))?;
                self.list(from, tail, datum.span)
            }
            Kind::Vector(items) => {
                self.data(items)?;
                self.vector(from)
            }
            // A text has no host to splice from.
            Kind::Splice(_) => Ok(Value::UNSPECIFIED),
        }
    }

    /// Data as items.
    fn data(&mut self, data: &'a [Datum]) -> Result<(), Full> {
        for datum in data {
            let item = self.datum(datum)?;
            self.items.push(item);
        }
        Ok(())
    }
}

fn number(n: usize) -> Value {
    Value::num(n as f64)
}
