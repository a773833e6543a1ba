//! Expressions and calls: what they are known to be, and the instructions that compute the rest.
//!
//! A procedure that does not refer to itself is inlined where it is called; the others are functions.

use super::{
    Lowering, MAX_DEPTH, MAX_SIZE,
    join::Out,
    numeric::Application,
    stop::Stop,
    value::{Closure, Val},
};
use crate::{
    anf::Atom,
    diag::{Code, Diagnostic},
    kernel::{Expr, ExprKind, Local, LocalInfo, calls_first, nearest_known},
    prim::{Arity, Prim, Scalar, calls},
    span::Span,
};
use std::{collections::HashMap, rc::Rc};

/// The bindings of one procedure's run. Locals are unique, so that nothing is ever bound anew.
pub(super) type Env<'p> = HashMap<Local, Val<'p>>;

/// What comes of an expression's value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tail {
    /// Something waits for it.
    No,
    /// It is what the function at hand gives.
    Function,
    /// It is what a call gives of which all is known.
    Known,
}

/// A call in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'p> {
    pub(super) span: Span,
    pub(super) head: Span,
    /// The operands as they are written, if they are.
    pub(super) args: &'p [Expr],
}

impl Site<'_> {
    /// Where operand `index` is written.
    pub(super) fn arg(&self, index: usize) -> Span {
        self.args.get(index).map_or(self.span, |arg| arg.span)
    }
}

impl<'p> Lowering<'p> {
    /// The value of an expression that something waits for.
    pub(super) fn value(&mut self, expr: &'p Expr, env: &mut Env<'p>) -> Result<Val<'p>, Stop<'p>> {
        self.expr(expr, env, Tail::No)?.value()
    }

    /// What an expression gives; in `tail` position perhaps the next step of the function's loop.
    pub(super) fn expr(
        &mut self,
        expr: &'p Expr,
        env: &mut Env<'p>,
        tail: Tail,
    ) -> Result<Out<'p>, Stop<'p>> {
        if self.depth >= MAX_DEPTH {
            return Err(self.general(expr.span, format!("nesting of more than {MAX_DEPTH} inlined calls")));
        }
        let before = self.builder.at(Some(expr.span));
        self.depth += 1;
        let out = self.expr_here(expr, env, tail);
        self.depth -= 1;
        self.builder.at(before);
        out
    }

    fn expr_here(&mut self, expr: &'p Expr, env: &mut Env<'p>, tail: Tail) -> Result<Out<'p>, Stop<'p>> {
        match &expr.kind {
            ExprKind::Quote(datum) => match Val::quoted(datum) {
                Some(value) => Ok(Out::Value(value)),
                None => Err(self.general(expr.span, "a Rust value in quoted data")),
            },
            ExprKind::Unspecified => Ok(Out::Value(Val::Unspecified)),
            ExprKind::Local(local) => self.local(*local, expr.span, env).map(Out::Value),
            ExprKind::Prim(prim) => Ok(Out::Value(Val::Prim(*prim))),
            ExprKind::Lambda(lambda) => {
                self.closure(super::scope::Code(lambda), expr.span, env).map(Out::Value)
            }
            ExprKind::If(test, then, els) => self.choice([test, then, els], expr.span, env, tail),
            ExprKind::Let(bindings, body) => {
                for (local, init) in bindings {
                    let value = self.value(init, env)?;
                    env.insert(*local, value);
                }
                self.expr(body, env, tail)
            }
            // Known wherever they are mentioned.
            ExprKind::Fix(_, body) => self.expr(body, env, tail),
            ExprKind::Begin(parts) => {
                let Some((last, first)) = parts.split_last() else {
                    return Ok(Out::Value(Val::Unspecified));
                };
                for part in first {
                    self.value(part, env)?;
                }
                self.expr(last, env, tail)
            }
            ExprKind::Call(head, args) => {
                let callee = self.value(head, env)?;
                let mut values = Vec::with_capacity(args.len());
                for arg in args {
                    values.push(self.value(arg, env)?);
                }
                self.call(Site { span: expr.span, head: head.span, args }, callee, values, tail)
            }
        }
    }

    fn local(&mut self, local: Local, span: Span, env: &Env<'p>) -> Result<Val<'p>, Stop<'p>> {
        if let Some(value) = env.get(&local) {
            return Ok(value.clone());
        }
        if let Some(code) = self.facts.fixed(local) {
            return self.closure(code, span, env);
        }
        let name = &self.info(local).name;
        let message = format!("`{name}` has no value here");
        Err(Stop::Error(Diagnostic::new(Code::Unbound, span, message).into()))
    }

    fn closure(
        &mut self,
        code: super::scope::Code<'p>,
        span: Span,
        env: &Env<'p>,
    ) -> Result<Val<'p>, Stop<'p>> {
        let mut captured = Vec::new();
        for local in self.facts.captures(code).iter() {
            captured.push(self.local(*local, span, env)?);
        }
        Ok(Val::Closure(Rc::new(Closure { code, captured })))
    }

    fn choice(
        &mut self,
        [test, then, els]: [&'p Expr; 3],
        span: Span,
        env: &mut Env<'p>,
        tail: Tail,
    ) -> Result<Out<'p>, Stop<'p>> {
        let condition = match self.value(test, env)? {
            Val::Atom(Atom::Bool(b)) => return self.expr(if b { then } else { els }, env, tail),
            Val::Atom(atom) if self.builder.ty(atom).scalar == Scalar::Bool => atom,
            // Only `#f` is false.
            _ => return self.expr(then, env, tail),
        };
        let outer = self.conditional.replace(test.span);
        let tail = if tail == Tail::Known { Tail::No } else { tail };
        let mut side = |holds: bool, expr: &'p Expr| {
            self.side(|lowering| {
                let known = lowering.implied(condition, holds);
                lowering.bound(&known);
                lowering.expr(expr, env, tail)
            })
        };
        let (then, els) = (side(true, then), side(false, els));
        self.conditional = outer;
        let (then, els) = (then?, els?);
        let implied = self.implied_by_choice(condition, [then.atom(), els.atom()]);
        let out = self.join(span, condition, then, els)?;
        if let Out::Value(Val::Atom(atom)) = &out {
            self.implies(*atom, implied);
        }
        Ok(out)
    }

    /// The call of a value with others.
    pub(super) fn call(
        &mut self,
        site: Site<'p>,
        callee: Val<'p>,
        values: Vec<Val<'p>>,
        tail: Tail,
    ) -> Result<Out<'p>, Stop<'p>> {
        self.grow(1, site.span)?;
        match callee {
            Val::Prim(Prim::Numeric(row)) => {
                calls::call(&mut Application { lowering: self, site }, row, &values).map(Out::Value)
            }
            Val::Prim(Prim::Array(row)) => self.array(site, row, &values).map(Out::Value),
            Val::Prim(Prim::Structural(row)) => self.structural(site, row, values, tail),
            Val::Closure(closure) => self.apply(site, closure, values, tail),
            Val::Pullback(pullback, residuals) => {
                self.pull(site, &pullback, &residuals, &values).map(Out::Value)
            }
            Val::Cursor(_) => Err(self.general(site.span, "the call of a list")),
            other => {
                let noun = other.noun(&self.builder);
                let input = match &other {
                    Val::Atom(atom) => self.origins.get(atom).map(|local| self.info(*local)),
                    _ => None,
                };
                Err(self.wrong(match input {
                    // Most such inputs were meant as the name of a procedure.
                    Some(LocalInfo { name, span, .. }) => {
                        let message = format!("the input `{name}`, {noun}, is called as a procedure");
                        let unbound = || format!("nothing binds `{name}`, which makes it an input");
                        let hint = nearest_known(name).unwrap_or_else(unbound);
                        Diagnostic::new(Code::NotAProcedure, *span, message).hint(hint)
                    }
                    None => {
                        let message = format!("{noun} is called as a procedure");
                        let finding = Diagnostic::new(Code::NotAProcedure, site.head, message);
                        // What the prelude does is at the place that mentions it.
                        let mut here =
                            self.program.locals.iter().filter(|l| l.prelude && l.span == site.head);
                        match here.find_map(|local| calls_first(&local.name)) {
                            Some(hint) => finding.hint(hint),
                            None => finding,
                        }
                    }
                }))
            }
        }
    }

    /// Notes that the program becomes larger.
    pub(super) fn grow(&mut self, by: usize, span: Span) -> Result<(), Stop<'p>> {
        self.size = self.size.saturating_add(by);
        if self.size <= MAX_SIZE {
            return Ok(());
        }
        Err(self.general(span, format!("more than {MAX_SIZE} operations when calls are inlined")))
    }

    /// The call of a procedure of the program.
    fn apply(
        &mut self,
        site: Site<'p>,
        closure: Rc<Closure<'p>>,
        mut values: Vec<Val<'p>>,
        tail: Tail,
    ) -> Result<Out<'p>, Stop<'p>> {
        let lambda = closure.code.0;
        let count = lambda.params.len();
        let arity = match lambda.rest {
            None => Arity::exactly(count as u32),
            Some(_) => Arity::at_least(count as u32),
        };
        if !arity.accepts(values.len()) {
            let message = format!("{} takes {arity}, given {}", closure.code.written(), values.len());
            return Err(self.wrong(Diagnostic::new(Code::Arity, site.head, message)));
        }
        if lambda.rest.is_some() {
            let rest = Val::list(values.split_off(count), Val::Nil);
            values.push(rest);
        }
        if self.is_function(&closure, &values)? {
            return self.call_function(site, &closure, &values, tail);
        }
        let mut env = self.environment(&closure, values.clone());
        self.inlined.push((closure, values));
        let out = self.expr(&lambda.body, &mut env, tail);
        self.inlined.pop();
        out
    }

    /// What a procedure's body sees.
    pub(super) fn environment(&self, closure: &Closure<'p>, values: Vec<Val<'p>>) -> Env<'p> {
        let lambda = closure.code.0;
        let captures = self.facts.captures(closure.code);
        let captured = captures.iter().copied().zip(closure.captured.iter().cloned());
        captured.chain(lambda.params.iter().copied().chain(lambda.rest).zip(values)).collect()
    }
}
