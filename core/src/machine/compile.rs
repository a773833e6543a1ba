//! Kernel to blocks: closure conversion and sequencing in one walk.

mod guard;

use super::{
    BlockId, Callee, End, Island, Module, Op, ProcId, Procedure, Var,
    build::{Cursor, Pools},
    live::set_params,
};
use crate::{
    datum::{Datum, Kind},
    diag::{Code, Diagnostic},
    kernel::{Expr, ExprKind, Lambda, Local, Program, free_locals},
    prim::{Prim, Structural},
    span::Span,
};
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

/// Compiles a program; its inputs, then its learnable parameters, then its captures, are the first procedure's parameters.
///
/// # Errors
/// A local that nothing binds, which the kernel's own checks exclude.
pub fn compile(program: &Program) -> Result<Module, Diagnostic> {
    compile_with(program, &[])
}

/// The same where some procedures have [islands](super::islands()), which are named by their indices.
///
/// # Errors
/// Those of [`compile`].
pub fn compile_with(program: &Program, islands: &[Island]) -> Result<Module, Diagnostic> {
    let mut pools = Pools::new(islands, values(&program.body));
    let params: Vec<Local> = {
        let learnable = program.params.iter().map(|param| param.local);
        program.inputs.iter().copied().chain(learnable).chain(program.captures.iter().copied()).collect()
    };
    let main = reserve(&mut pools, None, params.len(), false, program.body.span);
    let mut unbound = None;
    procedure(&mut pools, &mut unbound, main, params.into_iter(), HashMap::new(), &program.body);
    match unbound {
        None => Ok(pools.module),
        Some(span) => Err(Diagnostic::new(Code::Unbound, span, "this name has no binding")),
    }
}

/// The locals that are mentioned as values, and not only called.
fn values(body: &Expr) -> HashSet<Local> {
    let mut values = HashSet::new();
    let mut todo = vec![body];
    while let Some(expr) = todo.pop() {
        match &expr.kind {
            ExprKind::Local(local) => {
                values.insert(*local);
            }
            ExprKind::Call(head, operands) if matches!(head.kind, ExprKind::Local(_)) => {
                todo.extend(operands)
            }
            _ => expr.each_child(&mut |child| todo.push(child)),
        }
    }
    values
}

/// Where a procedure finds a value.
#[derive(Clone, Copy, PartialEq)]
enum Slot {
    Var(Var),
    Captured(u32),
}

/// What a procedure knows of a local.
#[derive(Clone, Copy)]
enum Known {
    /// Its value is there.
    At(Slot),
    /// It is this procedure, on the record of the closure in the slot.
    Member(ProcId, Slot),
    /// It is this procedure, which captures nothing, and of which no two are told apart.
    Static(ProcId),
}

/// Where an expression's value goes.
#[derive(Clone, Copy)]
enum Exit {
    /// It is the procedure's.
    Return,
    /// It is the result of a block.
    Join(BlockId),
    /// It decides between two blocks.
    Test(BlockId, BlockId),
}

/// The variable that holds a procedure's own closure.
const SELF: Var = Var(0);

/// One procedure's body.
struct Body<'a> {
    pools: &'a mut Pools,
    /// Whether it runs once: that of the program itself.
    once: bool,
    cursor: Cursor,
    scope: HashMap<Local, Known>,
    unbound: &'a mut Option<Span>,
}

fn reserve(pools: &mut Pools, name: Option<Rc<str>>, params: usize, rest: bool, span: Span) -> ProcId {
    let procedure = Procedure { name, params: params as u32, rest, entry: BlockId(0), span };
    pools.module.procedures.push(procedure);
    ProcId(pools.module.procedures.len() as u32 - 1)
}

/// Compiles the body of a reserved procedure in a scope of what it captures.
fn procedure(
    pools: &mut Pools,
    unbound: &mut Option<Span>,
    id: ProcId,
    params: impl Iterator<Item = Local>,
    scope: HashMap<Local, Known>,
    body: &Expr,
) {
    let cursor = Cursor::new(pools);
    let entry = cursor.blocks[0];
    pools.module.procedures[id.0 as usize].entry = entry;
    let mut inner = Body { pools, once: id == ProcId(0), cursor, scope, unbound };
    let mut vars = vec![inner.cursor.var()];
    for local in params {
        let var = inner.cursor.var();
        inner.scope.insert(local, Known::At(Slot::Var(var)));
        vars.push(var);
    }
    inner.pools.block(entry).params = vars;
    inner.tail(body, Exit::Return);
    let blocks = std::mem::take(&mut inner.cursor.blocks);
    set_params(&mut pools.module.blocks, &blocks);
}

impl Body<'_> {
    fn step(&mut self, op: Op, span: Span) -> Var {
        self.cursor.step(self.pools, op, span)
    }

    fn end(&mut self, end: End, span: Span) {
        self.cursor.end(self.pools, end, span);
    }

    /// Computes the value in the current block or, if that takes a call or a choice, ends it and goes
    /// on in another.
    fn value(&mut self, expr: &Expr) -> Var {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Quote(datum) => self.quote(datum, span),
            ExprKind::Unspecified => self.step(Op::Unspecified, span),
            ExprKind::Prim(prim) => self.step(Op::Primitive(*prim), span),
            ExprKind::Local(local) => self.local(*local, span),
            ExprKind::Lambda(lambda) => self.lambda(lambda, span),
            ExprKind::Let(bindings, body) => {
                self.bind(bindings);
                self.value(body)
            }
            ExprKind::Fix(bindings, body) => {
                self.fix(bindings, span);
                self.value(body)
            }
            ExprKind::Begin(exprs) => match self.discard(exprs) {
                Some(last) => self.value(last),
                None => self.step(Op::Unspecified, span),
            },
            ExprKind::Call(head, arguments) => {
                if let Some(prim) = straight(head, arguments) {
                    let arguments = self.arguments(arguments);
                    return self.step(Op::Apply(prim, arguments), span);
                }
                self.through_join(expr)
            }
            ExprKind::If(..) => self.through_join(expr),
        }
    }

    fn through_join(&mut self, expr: &Expr) -> Var {
        let (join, result) = self.cursor.reserve_join(self.pools);
        self.tail(expr, Exit::Join(join));
        self.cursor.enter(join);
        result
    }

    /// Computes the value and leaves through the exit; the current block is ended.
    fn tail(&mut self, expr: &Expr, exit: Exit) {
        match &expr.kind {
            ExprKind::If(test, then, els) => self.choose(test, then, els, exit),
            ExprKind::Let(bindings, body) => {
                self.bind(bindings);
                self.tail(body, exit);
            }
            ExprKind::Fix(bindings, body) => {
                self.fix(bindings, expr.span);
                self.tail(body, exit);
            }
            ExprKind::Begin(exprs) => {
                if let Some(last) = self.discard(exprs) {
                    self.tail(last, exit);
                } else {
                    let value = self.step(Op::Unspecified, expr.span);
                    self.leave(value, exit, expr.span);
                }
            }
            ExprKind::Call(head, arguments) if straight(head, arguments).is_none() => {
                self.call(expr.span, head, arguments, exit);
            }
            ExprKind::Call(head, arguments)
                if let (Exit::Test(then, els), Some(NOT)) = (exit, prim(head)) =>
            {
                self.tail(&arguments[0], Exit::Test(els, then));
            }
            ExprKind::Quote(datum) if let Exit::Test(then, els) = exit => {
                let to = if datum.kind == Kind::Bool(false) { els } else { then };
                self.end(End::Jump(to, None), expr.span);
            }
            _ => {
                let value = self.value(expr);
                self.leave(value, exit, expr.span);
            }
        }
    }

    fn leave(&mut self, value: Var, exit: Exit, span: Span) {
        let end = match exit {
            Exit::Return => End::Return(value),
            Exit::Join(block) => End::Jump(block, Some(value)),
            Exit::Test(then, els) => End::Branch(value, then, els),
        };
        self.end(end, span);
    }

    fn choose(&mut self, test: &Expr, then: &Expr, els: &Expr, exit: Exit) {
        if let ExprKind::Quote(datum) = &test.kind {
            return self.tail(if datum.kind == Kind::Bool(false) { els } else { then }, exit);
        }
        let (yes, no) = (self.cursor.reserve(self.pools), self.cursor.reserve(self.pools));
        self.tail(test, Exit::Test(yes, no));
        self.cursor.enter(yes);
        self.tail(then, exit);
        self.cursor.enter(no);
        self.tail(els, exit);
    }

    fn call(&mut self, span: Span, head: &Expr, arguments: &[Expr], exit: Exit) {
        let then = match exit {
            Exit::Return => None,
            Exit::Join(block) => Some(block),
            Exit::Test(then, els) => {
                let (join, result) = self.cursor.reserve_join(self.pools);
                self.call(span, head, arguments, Exit::Join(join));
                self.cursor.enter(join);
                return self.leave(result, Exit::Test(then, els), span);
            }
        };
        let (callee, arguments) = self.callee(head, arguments, span);
        self.end(End::Call(callee, arguments, then), span);
    }

    /// What is called with what, both computed.
    fn callee(&mut self, head: &Expr, arguments: &[Expr], span: Span) -> (Callee, Vec<Var>) {
        match (prim(head), arguments) {
            (Some(Prim::Structural(Structural::Apply)), [_, _, ..]) => {
                let vars = self.arguments(arguments);
                return (Callee::Spread(vars[0]), vars[1..].to_vec());
            }
            (Some(Prim::Structural(Structural::ApplyAt)), [_, _, _]) => {
                let vars = self.arguments(arguments);
                return (Callee::At(vars[0], vars[1]), vars[2..].to_vec());
            }
            _ => {}
        }
        if let ExprKind::Local(local) = head.kind
            && let Some(known @ (Known::Member(id, _) | Known::Static(id))) = self.scope.get(&local).copied()
        {
            let Procedure { params, rest, .. } = self.pools.module.procedures[id.0 as usize];
            let params = params as usize;
            if arguments.len() == params || rest && arguments.len() > params {
                let mut vars = self.arguments(arguments);
                if rest {
                    let list = Prim::Structural(Structural::List);
                    let further = vars.split_off(params);
                    vars.push(self.step(Op::Apply(list, further), span));
                }
                return match known {
                    Known::Member(id, base) => (Callee::Known(id, self.load(base, span)), vars),
                    _ => (Callee::Static(id), vars),
                };
            }
        }
        let all: Vec<&Expr> = std::iter::once(head).chain(arguments).collect();
        let mut vars = self.operands(&all);
        (Callee::Value(vars.remove(0)), vars)
    }

    fn arguments(&mut self, arguments: &[Expr]) -> Vec<Var> {
        self.operands(&arguments.iter().collect::<Vec<_>>())
    }

    /// The operands' values, left to right. Names and constants, which cannot fail and never change,
    /// come last, so that they need not be kept during the others.
    fn operands(&mut self, operands: &[&Expr]) -> Vec<Var> {
        let simple = |e: &Expr| {
            matches!(
                e.kind,
                ExprKind::Quote(_) | ExprKind::Unspecified | ExprKind::Prim(_) | ExprKind::Local(_)
            )
        };
        let vars: Vec<Option<Var>> = operands.iter().map(|e| (!simple(e)).then(|| self.value(e))).collect();
        vars.into_iter().zip(operands).map(|(var, e)| var.unwrap_or_else(|| self.value(e))).collect()
    }

    fn quote(&mut self, datum: &Datum, span: Span) -> Var {
        let op = match &datum.kind {
            Kind::Number(x) => Op::Number(*x),
            Kind::Bool(b) => Op::Bool(*b),
            Kind::Char(c) => Op::Char(*c),
            Kind::Symbol(name) => Op::Symbol(self.pools.symbol(name)),
            Kind::List { items, tail: None, .. } if items.is_empty() => Op::Nil,
            Kind::Str(_) | Kind::List { .. } | Kind::Vector(_) | Kind::Splice(_) => {
                Op::Constant(self.pools.constant(datum))
            }
        };
        self.step(op, span)
    }

    fn local(&mut self, local: Local, span: Span) -> Var {
        match self.scope.get(&local).copied() {
            Some(Known::At(slot)) => self.load(slot, span),
            Some(Known::Member(id, base)) => {
                let base = self.load(base, span);
                self.step(Op::Sibling(self.guarded(id), base), span)
            }
            Some(Known::Static(id)) => self.step(Op::Static(self.guarded(id)), span),
            None => {
                self.unbound.get_or_insert(span);
                self.step(Op::Unspecified, span)
            }
        }
    }

    fn load(&mut self, slot: Slot, span: Span) -> Var {
        match slot {
            Slot::Var(var) => var,
            Slot::Captured(i) => self.step(Op::Captured(SELF, i), span),
        }
    }

    fn bind(&mut self, bindings: &[(Local, Expr)]) {
        for (local, value) in bindings {
            let var = self.value(value);
            self.scope.insert(*local, Known::At(Slot::Var(var)));
        }
    }

    /// Computes all and discards all but the last, which it leaves to the caller.
    fn discard<'e>(&mut self, exprs: &'e [Expr]) -> Option<&'e Expr> {
        let (last, before) = exprs.split_last()?;
        for expr in before {
            self.value(expr);
        }
        Some(last)
    }

    fn lambda(&mut self, lambda: &Lambda, span: Span) -> Var {
        let (captures, scope) = self.capture(free_locals(lambda));
        let id = self.reserve(lambda, span);
        let captures: Vec<Var> = captures.iter().map(|slot| self.load(*slot, span)).collect();
        let is_static = self.once && captures.is_empty();
        let closure = self.step(if is_static { Op::Static(id) } else { Op::Closure(id, captures) }, span);
        self.define(id, lambda, scope);
        closure
    }

    fn fix(&mut self, bindings: &[(Local, Lambda)], span: Span) {
        let islands: Vec<_> = bindings.iter().map(|(local, _)| self.island(*local)).collect();
        let numbers = islands.iter().flatten().flat_map(|(_, inputs)| inputs.iter().copied());
        let free = bindings.iter().flat_map(|(_, lambda)| free_locals(lambda));
        let (captures, scope) = self.capture(free.chain(numbers));
        let ids: Vec<ProcId> =
            bindings.iter().map(|(_, lambda)| self.reserve(lambda, lambda.body.span)).collect();
        let Some(first) = ids.first() else { return };
        // Members know each other as procedures on the record that they share, which also tells them from those
        // that the same text makes at another time.
        let told_apart = !self.once && bindings.iter().any(|(local, _)| self.pools.values.contains(local));
        let base = (told_apart || !captures.is_empty()).then(|| {
            let captures = captures.iter().map(|slot| self.load(*slot, span)).collect();
            self.step(Op::Closure(*first, captures), span)
        });
        let member = |id: ProcId, base: Option<Var>| match base {
            Some(base) => Known::Member(id, Slot::Var(base)),
            None => Known::Static(id),
        };
        let mut inner = scope;
        for (((local, lambda), id), island) in bindings.iter().zip(&ids).zip(&islands) {
            let outside = if island.is_some() { self.reserve_guard(*id, lambda) } else { *id };
            self.scope.insert(*local, member(outside, base));
            inner.insert(*local, member(*id, base.map(|_| SELF)));
        }
        for (((_, lambda), id), island) in bindings.iter().zip(&ids).zip(&islands) {
            if let Some(island) = island {
                guard::guard(self.pools, [self.guarded(*id), *id], island, lambda, &inner);
            }
            self.define(*id, lambda, inner.clone());
        }
    }

    /// What closures that need these locals capture here, and the scope they see it in.
    fn capture(&mut self, free: impl IntoIterator<Item = Local>) -> (Vec<Slot>, HashMap<Local, Known>) {
        let mut captures = Vec::new();
        let mut index = |slot: Slot| {
            let found = captures.iter().position(|s| *s == slot);
            Slot::Captured(found.unwrap_or_else(|| {
                captures.push(slot);
                captures.len() - 1
            }) as u32)
        };
        let mut scope = HashMap::new();
        for local in free {
            // What is not in scope here is one of the lambdas.
            let Some(known) = self.scope.get(&local) else { continue };
            let inside = match *known {
                Known::At(slot) => Known::At(index(slot)),
                Known::Member(id, slot) => Known::Member(id, index(slot)),
                Known::Static(id) => Known::Static(id),
            };
            scope.insert(local, inside);
        }
        (captures, scope)
    }

    fn reserve(&mut self, lambda: &Lambda, span: Span) -> ProcId {
        reserve(self.pools, lambda.name.clone(), lambda.params.len(), lambda.rest.is_some(), span)
    }

    fn define(&mut self, id: ProcId, lambda: &Lambda, scope: HashMap<Local, Known>) {
        let params = lambda.params.iter().chain(&lambda.rest).copied();
        procedure(self.pools, self.unbound, id, params, scope, &lambda.body);
    }
}

const NOT: Prim = Prim::Structural(Structural::Not);

fn prim(expr: &Expr) -> Option<Prim> {
    match expr.kind {
        ExprKind::Prim(prim) => Some(prim),
        _ => None,
    }
}

/// The primitive that a call applies without a call of the machine: one that calls nothing itself,
/// with as many arguments as it takes. A wrong number is left for the machine to report when it is reached.
fn straight(head: &Expr, arguments: &[Expr]) -> Option<Prim> {
    let prim = prim(head)?;
    let calls = matches!(prim, Prim::Structural(row) if row.calls());
    (!calls && prim.arity().accepts(arguments.len())).then_some(prim)
}
