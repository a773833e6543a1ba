//! Naive evaluation of programs, the oracle of tests.
//!
//! Walks the kernel's expressions with environments, on [`Nested`] numbers over any real with plain truth
//! values: `f64` for a value's bits, many digits for a value and gradient to trust. Derivatives, of the
//! program and inside it, are forward mode, one direction at a time, unless [reverse mode](Mode) is asked for inside it. It shares the table's scalar rows
//! with the compilers, and nothing else: rows on general values and arrays are written again, by name.
//!
//! Tail calls are loops, other calls nest on the host's stack, and nothing is ever freed: for tests,
//! on a thread with a large stack.

use super::nested::{self, Nested};
use crate::{
    datum::{Datum, Kind},
    diag::Code,
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    prim::{Calls, Numeric, Operand, Prim, Scalar},
    real::Real,
    span::Span,
};
use std::{cell::Cell, collections::HashMap, rc::Rc};

mod arrays;
mod derivatives;
mod general;

/// A value.
#[derive(Clone, Copy, Debug)]
pub enum Value<A: Real + 'static> {
    /// A number.
    Number(Nested<A>),
    /// `#t` or `#f`.
    Bool(bool),
    /// The empty list.
    Nil,
    /// The unspecified value.
    Unspecified,
    /// A character.
    Char(char),
    /// A symbol.
    Symbol(&'static str),
    /// A string.
    Str(&'static str),
    /// A pair.
    Pair(&'static (Value<A>, Value<A>)),
    /// A general vector.
    Vector(&'static [Value<A>]),
    /// A numeric vector.
    Numbers(&'static [Nested<A>]),
    /// A matrix: its rows.
    Matrix(&'static [&'static [Nested<A>]]),
    /// Several values at once.
    Several(&'static [Value<A>]),
    /// A primitive procedure.
    Prim(Prim),
    /// A procedure.
    Closure(&'static Lambda, Env<A>),
    /// What `vjp` gives beside the value.
    Pullback(&'static derivatives::Pullback<A>),
}

/// Why a program has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// What is wrong.
    pub code: Code,
    /// Where.
    pub span: Span,
    /// In plain words.
    pub message: String,
}

/// What most steps give.
type Outcome<A> = Result<Value<A>, Fault>;

/// Bindings, innermost first.
#[derive(Debug)]
pub struct Env<A: Real + 'static>(Option<&'static Frame<A>>);

impl<A: Real + 'static> Clone for Env<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Real + 'static> Copy for Env<A> {}

#[derive(Debug)]
struct Frame<A: Real + 'static> {
    values: HashMap<Local, Value<A>>,
    fix: &'static [(Local, Lambda)],
    outer: Env<A>,
}

impl<A: Real + 'static> Env<A> {
    fn with(self, values: HashMap<Local, Value<A>>, fix: &'static [(Local, Lambda)]) -> Self {
        Self(Some(leak(Frame { values, fix, outer: self })))
    }

    fn get(self, local: Local) -> Option<Value<A>> {
        let mut env = self;
        while let Some(frame) = env.0 {
            if let Some(value) = frame.values.get(&local) {
                return Some(*value);
            }
            if let Some((_, lambda)) = frame.fix.iter().find(|(l, _)| *l == local) {
                return Some(Value::Closure(lambda, env));
            }
            env = frame.outer;
        }
        None
    }
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn leak_all<T>(values: Vec<T>) -> &'static [T] {
    Vec::leak(values)
}

/// The value of a program at values for its inputs and then its parameters.
///
/// # Errors
/// The error that the program meets, of which the code and place are to be relied on.
pub fn evaluate<A: Real<Mask = bool> + 'static>(program: &Program, inputs: &[Value<A>]) -> Outcome<A> {
    evaluate_in(Mode::Forward, program, inputs)
}

/// The same, with gradients inside the program taken in this mode.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_in<A: Real<Mask = bool> + 'static>(
    mode: Mode,
    program: &Program,
    inputs: &[Value<A>],
) -> Outcome<A> {
    let program = leak(program.clone());
    let run = Run { mode, levels: Cell::new(1), span: Cell::new(program.body.span) };
    let names = program.inputs.iter().copied().chain(program.params.iter().map(|p| p.local));
    let env = Env(None).with(names.zip(inputs.iter().copied()).collect(), &[]);
    run.expr(&program.body, env)
}

/// The value of a program at numbers, and its gradient by all of them.
///
/// # Errors
/// As [`evaluate`], and if the value is not a number.
pub fn value_and_gradient<A: Real<Mask = bool> + 'static>(
    program: &Program,
    inputs: &[A],
) -> Result<(A, Vec<A>), Fault> {
    let number = |value| match value {
        Value::Number(x) => Ok(x),
        _ => Err(Fault { code: Code::WrongType, span: program.body.span, message: "not a number".into() }),
    };
    let at = |seed: Option<usize>| {
        let inputs: Vec<Value<A>> = inputs
            .iter()
            .enumerate()
            .map(|(i, x)| {
                let x = Nested::Constant(*x);
                Value::Number(if seed == Some(i) { Nested::moving(1, x, Nested::lit(1.0)) } else { x })
            })
            .collect();
        evaluate(program, &inputs).and_then(number)
    };
    let value = at(None)?.value();
    let mut gradient = Vec::new();
    for i in 0..inputs.len() {
        gradient.push(at(Some(i))?.at(1).1.map_or(A::lit(0.0), Nested::value));
    }
    Ok((value, gradient))
}

/// How gradients are taken inside a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// One direction after the other.
    Forward,
    /// All at once, in the reverse order of the run.
    Reverse,
}

/// A run: the level of derivatives reached, and the place of the innermost call.
struct Run {
    mode: Mode,
    levels: Cell<u32>,
    span: Cell<Span>,
}

/// Where evaluation goes on.
enum Next<A: Real + 'static> {
    Value(Value<A>),
    Tail(&'static Expr, Env<A>),
}

impl Run {
    fn fault(&self, code: Code, message: impl Into<String>) -> Fault {
        Fault { code, span: self.span.get(), message: message.into() }
    }

    fn wrong_type<T>(&self, who: &str) -> Result<T, Fault> {
        Err(self.fault(Code::WrongType, format!("`{who}` cannot take this")))
    }

    fn expr<A: Real<Mask = bool> + 'static>(&self, expr: &'static Expr, env: Env<A>) -> Outcome<A> {
        let mut next = Next::Tail(expr, env);
        loop {
            match next {
                Next::Value(value) => return Ok(value),
                Next::Tail(expr, env) => next = self.step(expr, env)?,
            }
        }
    }

    fn step<A: Real<Mask = bool> + 'static>(
        &self,
        expr: &'static Expr,
        env: Env<A>,
    ) -> Result<Next<A>, Fault> {
        Ok(Next::Value(match &expr.kind {
            ExprKind::Quote(datum) => quoted(datum),
            ExprKind::Unspecified => Value::Unspecified,
            ExprKind::Prim(prim) => Value::Prim(*prim),
            ExprKind::Local(local) => env.get(*local).ok_or_else(|| Fault {
                code: Code::Unbound,
                span: expr.span,
                message: "no value".into(),
            })?,
            ExprKind::Lambda(lambda) => Value::Closure(lambda, env),
            ExprKind::If(test, then, els) => {
                let side = if is_true(self.expr(test, env)?) { then } else { els };
                return Ok(Next::Tail(side, env));
            }
            ExprKind::Let(bindings, body) => {
                let mut env = env;
                for (local, value) in bindings {
                    let value = self.expr(value, env)?;
                    env = env.with(HashMap::from([(*local, value)]), &[]);
                }
                return Ok(Next::Tail(body, env));
            }
            ExprKind::Fix(bindings, body) => {
                return Ok(Next::Tail(body, env.with(HashMap::new(), bindings)));
            }
            ExprKind::Begin(parts) => {
                let Some((last, before)) = parts.split_last() else {
                    return Ok(Next::Value(Value::Unspecified));
                };
                for part in before {
                    self.expr(part, env)?;
                }
                return Ok(Next::Tail(last, env));
            }
            ExprKind::Call(head, operands) => {
                let callee = self.expr(head, env)?;
                let mut values = Vec::with_capacity(operands.len());
                for operand in operands {
                    values.push(self.expr(operand, env)?);
                }
                self.span.set(expr.span);
                return self.call(callee, values);
            }
        }))
    }

    /// A call in tail position.
    fn call<A: Real<Mask = bool> + 'static>(
        &self,
        callee: Value<A>,
        mut arguments: Vec<Value<A>>,
    ) -> Result<Next<A>, Fault> {
        match callee {
            Value::Closure(lambda, env) => {
                let n = lambda.params.len();
                if arguments.len() < n || lambda.rest.is_none() && arguments.len() > n {
                    return Err(self.fault(Code::Arity, "wrong number of arguments"));
                }
                let rest = list(&arguments.split_off(n), Value::Nil);
                let params = lambda.params.iter().copied().chain(lambda.rest);
                let values = params.zip(arguments.into_iter().chain([rest])).collect();
                Ok(Next::Tail(&lambda.body, env.with(values, &[])))
            }
            Value::Pullback(pullback) => self.pull(pullback, &arguments).map(Next::Value),
            Value::Prim(prim) => {
                if !prim.arity().accepts(arguments.len()) {
                    return Err(self.fault(Code::Arity, "wrong number of arguments"));
                }
                match (prim.name(), arguments.as_slice()) {
                    ("apply", [f, first @ .., last]) => {
                        let mut all = first.to_vec();
                        all.extend(self.items(*last, "apply")?);
                        self.call(*f, all)
                    }
                    ("vjp", [f, at @ ..]) => self.vjp(*f, at).map(Next::Value),
                    ("jvp", [f, at @ ..]) => self.jvp(*f, at).map(Next::Value),
                    _ => self.prim(prim, &arguments).map(Next::Value),
                }
            }
            _ => Err(self.fault(Code::NotAProcedure, "not a procedure")),
        }
    }

    /// A call that comes back.
    fn value<A: Real<Mask = bool> + 'static>(
        &self,
        callee: Value<A>,
        arguments: Vec<Value<A>>,
    ) -> Outcome<A> {
        match self.call(callee, arguments)? {
            Next::Value(value) => Ok(value),
            Next::Tail(expr, env) => self.expr(expr, env),
        }
    }

    fn prim<A: Real<Mask = bool> + 'static>(&self, prim: Prim, arguments: &[Value<A>]) -> Outcome<A> {
        match prim {
            Prim::Numeric(row) => self.numeric(row, arguments),
            other => match self.array(other.name(), arguments) {
                Some(value) => value,
                None => self.general(other.name(), arguments),
            },
        }
    }

    /// A call of a numeric row with any number of arguments (R7RS 6.2.6).
    fn numeric<A: Real<Mask = bool> + 'static>(&self, row: Numeric, arguments: &[Value<A>]) -> Outcome<A> {
        match (row.row().calls, arguments) {
            (Calls::Fold { unit }, []) => Ok(Value::Number(Nested::lit(unit))),
            (Calls::FoldOr(one), [x]) => self.row(one, &[*x]),
            (Calls::OrBinary(two), [x, y]) => self.row(two, &[*x, *y]),
            (Calls::Fold { .. }, [x]) => self.row(Numeric::Identity, &[*x]),
            (Calls::Fold { .. } | Calls::FoldOr(_), [first, rest @ ..]) => {
                // All operands are looked at before anything is computed.
                arguments.iter().try_for_each(|x| self.operand(row, *x))?;
                rest.iter().try_fold(*first, |sum, x| self.row(row, &[sum, *x]))
            }
            (Calls::Chain, all) => {
                all.iter().try_for_each(|x| self.operand(row, *x))?;
                // Each pair is compared, also behind one that does not hold.
                let mut holds = true;
                for pair in all.windows(2) {
                    holds &= is_true(self.row(row, pair)?);
                }
                Ok(Value::Bool(holds))
            }
            (_, all) => self.row(row, all),
        }
    }

    /// An operand must be a number or array, or a truth value that counts as 1 or 0.
    fn operand<A: Real + 'static>(&self, row: Numeric, x: Value<A>) -> Result<(), Fault> {
        match x {
            Value::Number(_) | Value::Numbers(_) | Value::Matrix(_) => Ok(()),
            Value::Bool(_) if row.row().result == Scalar::Real => Ok(()),
            _ => self.wrong_type(Prim::Numeric(row).name()),
        }
    }

    /// The row itself, element by element.
    fn row<A: Real<Mask = bool> + 'static>(&self, row: Numeric, operands: &[Value<A>]) -> Outcome<A> {
        operands.iter().try_for_each(|x| self.operand(row, *x))?;
        if let Some(value) = self.elementwise(row, operands) {
            return value;
        }
        let numbers: Vec<Nested<A>> = operands
            .iter()
            .map(|x| match x {
                Value::Number(x) => *x,
                x => Nested::lit(f64::from(u8::from(is_true(*x)))),
            })
            .collect();
        if let (false, [x]) = (row.row().total, &numbers[..])
            && !x.is_integer()
        {
            return Err(self.fault(Code::OutOfDomain, "not an integer"));
        }
        // Least and greatest, all of them at once, since all that tie share the derivative. In reverse every row is
        // one step; else those that are formulas of others are differentiated as these.
        let is_step = matches!(row, Numeric::Min | Numeric::Max) || self.mode == Mode::Reverse;
        if is_step && row.row().result == Scalar::Real {
            return Ok(Value::Number(nested::real(row, &numbers)));
        }
        let numbers: Vec<Operand<Nested<A>>> = numbers.into_iter().map(Operand::Real).collect();
        match row.apply(&numbers) {
            Some(Operand::Real(y)) => Ok(Value::Number(y)),
            Some(Operand::Bool(b)) => Ok(Value::Bool(b)),
            None => self.wrong_type(Prim::Numeric(row).name()),
        }
    }

    /// The items of a proper list.
    fn items<A: Real + 'static>(&self, list: Value<A>, who: &str) -> Result<Vec<Value<A>>, Fault> {
        let (mut items, mut rest) = (Vec::new(), list);
        while let Value::Pair(pair) = rest {
            items.push(pair.0);
            rest = pair.1;
        }
        if matches!(rest, Value::Nil) { Ok(items) } else { self.wrong_type(who) }
    }
}

/// Only `#f` is false.
fn is_true<A: Real + 'static>(value: Value<A>) -> bool {
    !matches!(value, Value::Bool(false))
}

/// A list of items before a tail.
fn list<A: Real + 'static>(items: &[Value<A>], tail: Value<A>) -> Value<A> {
    items.iter().rev().fold(tail, |rest, item| Value::Pair(leak((*item, rest))))
}

fn quoted<A: Real<Mask = bool> + 'static>(datum: &Datum) -> Value<A> {
    match &datum.kind {
        Kind::Number(x) => Value::Number(Nested::lit(*x)),
        Kind::Bool(b) => Value::Bool(*b),
        Kind::Char(c) => Value::Char(*c),
        Kind::Str(text) => Value::Str(text_of(text)),
        Kind::Symbol(name) => Value::Symbol(text_of(name)),
        Kind::List { items, tail, .. } => {
            let items: Vec<Value<A>> = items.iter().map(quoted).collect();
            list(&items, tail.as_ref().map_or(Value::Nil, |tail| quoted(tail)))
        }
        Kind::Vector(items) => Value::Vector(leak_all(items.iter().map(quoted).collect())),
        Kind::Splice(_) => Value::Unspecified,
    }
}

fn text_of(text: &Rc<str>) -> &'static str {
    String::leak(text.to_string())
}
