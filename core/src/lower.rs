//! Kernel to graph: programs whose values are numbers and truth values.
//!
//! `lower : program -> graph`. Procedures are known where they are called and are inlined, so that
//! the graph is straight-line but for lazy choices. A program that needs more is not forced: it is
//! [`Lowered::General`] if it touches a value that can live on the heap, and a diagnostic says "not
//! yet" where it loops or recurs on numbers. An error on a path that every run takes is an error of
//! the program; on a path that only some take, the program is left to a regime with run-time errors.

use crate::{
    anf::{Atom, Block, Builder, Graph, Inst, Type},
    datum::Kind,
    diag::{Code, Diagnostic},
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    prim::{
        Numeric, Prim, Scalar, Structural,
        calls::{self, Rows},
    },
    span::Span,
    transform::sink,
};
use std::{collections::HashMap, rc::Rc};

/// What became of a program.
#[derive(Debug)]
pub enum Lowered {
    /// Numbers only: a graph of one result. Its parameters are the inputs and then the captures.
    Direct(Graph),
    /// The program needs general values, for the reason given at the place given.
    General(Diagnostic),
}

/// Inlining stops at a graph of this many instructions.
const MAX_SIZE: usize = 100_000;

/// Expressions within expressions and inlined bodies, at most: a little more than a program nests, so
/// that lowering and what follows it leave 2 MiB of stack unexhausted.
const MAX_DEPTH: usize = 600;

/// Lowers a program.
///
/// # Errors
/// What is wrong with it, or what of it is not compiled yet.
pub fn lower(name: &str, program: &Program) -> Result<Lowered, Vec<Diagnostic>> {
    let builder = Builder::new();
    let mut lowering =
        Lowering { builder: &builder, program, depth: 0, size: 0, conditional: None, active: Vec::new() };
    let mut scope = Scope::default();
    for local in program.inputs.iter().chain(&program.captures) {
        let info = lowering.info(*local);
        let before = builder.at(Some(info.span));
        let atom = builder.param(&*info.name, Type::REAL);
        builder.at(before);
        scope.bind(*local, Val::Atom(atom));
    }
    match lowering.expr(&program.body, &scope).and_then(|v| lowering.result(v, program.body.span)) {
        Ok(result) => Ok(Lowered::Direct(sink(&builder.finish(name, vec![result])))),
        Err(Stop::General(why)) => Ok(Lowered::General(why)),
        Err(Stop::Error(error)) => Err(vec![error]),
    }
}

/// What an expression is known to be while lowering.
#[derive(Clone, Debug)]
enum Val<'p> {
    /// A number or truth value.
    Atom(Atom),
    /// A procedure and the bindings it closes over.
    Closure(&'p Lambda, Scope<'p>),
    /// A primitive.
    Prim(Prim),
    /// The unspecified value.
    Unspecified,
}

/// Bindings, innermost first; a shared list, since closures keep theirs.
#[derive(Clone, Debug, Default)]
struct Scope<'p>(Option<Rc<Frame<'p>>>);

#[derive(Debug)]
struct Frame<'p> {
    values: HashMap<Local, Val<'p>>,
    /// Procedures that may refer to one another.
    fix: &'p [(Local, Lambda)],
    outer: Scope<'p>,
}

impl<'p> Scope<'p> {
    fn bind(&mut self, local: Local, value: Val<'p>) {
        *self = self.with(HashMap::from([(local, value)]), &[]);
    }

    fn with(&self, values: HashMap<Local, Val<'p>>, fix: &'p [(Local, Lambda)]) -> Self {
        Self(Some(Rc::new(Frame { values, fix, outer: self.clone() })))
    }

    fn get(&self, local: Local) -> Option<Val<'p>> {
        let mut scope = self;
        while let Some(frame) = &scope.0 {
            if let Some(value) = frame.values.get(&local) {
                return Some(value.clone());
            }
            if let Some((_, lambda)) = frame.fix.iter().find(|(l, _)| *l == local) {
                return Some(Val::Closure(lambda, scope.clone()));
            }
            scope = &frame.outer;
        }
        None
    }
}

/// Why lowering ends early.
enum Stop {
    General(Diagnostic),
    Error(Diagnostic),
}

struct Lowering<'b, 'p> {
    builder: &'b Builder,
    program: &'p Program,
    depth: usize,
    size: usize,
    /// The condition around the place at hand, if not every run reaches it.
    conditional: Option<Span>,
    /// The procedures being inlined.
    active: Vec<*const Lambda>,
}

impl<'p> Lowering<'_, 'p> {
    fn info(&self, local: Local) -> &'p crate::kernel::LocalInfo {
        &self.program.locals[local.0 as usize]
    }

    /// An error of the program, if every run meets it.
    fn wrong(&self, error: Diagnostic) -> Stop {
        match self.conditional {
            None => Stop::Error(error),
            Some(_) => Stop::General(
                Diagnostic::new(
                    Code::NotYet,
                    error.span,
                    format!("a run that gets here fails: {}", error.message),
                )
                .hint("inline programs that fail on some paths are not compiled yet"),
            ),
        }
    }

    fn general(&self, span: Span, what: &str) -> Stop {
        Stop::General(
            Diagnostic::new(Code::NotYet, span, format!("{what} in an inline program is not compiled yet"))
                .hint("inline programs of this version compute with numbers and booleans"),
        )
    }

    /// The program's result as a number.
    fn result(&self, value: Val<'p>, span: Span) -> Result<Atom, Stop> {
        match value {
            Val::Atom(atom) => match self.builder.ty(atom).scalar {
                Scalar::Real => Ok(atom),
                Scalar::Bool | Scalar::Record => Err(self.general(span, "a boolean as the result")),
            },
            Val::Closure(..) | Val::Prim(_) => Err(self.general(span, "a procedure as the result")),
            Val::Unspecified => Err(Stop::Error(
                Diagnostic::new(Code::NoValue, span, "the program has no value")
                    .hint("end it with an expression"),
            )),
        }
    }

    fn expr(&mut self, expr: &'p Expr, scope: &Scope<'p>) -> Result<Val<'p>, Stop> {
        if self.depth >= MAX_DEPTH {
            let message = format!("inlined, the program nests more than {MAX_DEPTH} deep");
            return Err(Stop::Error(Diagnostic::new(Code::TooLarge, expr.span, message)));
        }
        let before = self.builder.at(Some(expr.span));
        self.depth += 1;
        let value = self.expr_here(expr, scope);
        self.depth -= 1;
        self.builder.at(before);
        value
    }

    fn expr_here(&mut self, expr: &'p Expr, scope: &Scope<'p>) -> Result<Val<'p>, Stop> {
        match &expr.kind {
            ExprKind::Quote(datum) => match &datum.kind {
                Kind::Number(x) => Ok(Val::Atom(Atom::Real(*x))),
                Kind::Bool(b) => Ok(Val::Atom(Atom::Bool(*b))),
                Kind::Str(_) => Err(self.general(expr.span, "a string")),
                Kind::Char(_) => Err(self.general(expr.span, "a character")),
                Kind::Symbol(_) => Err(self.general(expr.span, "a symbol")),
                Kind::List { .. } | Kind::Vector(_) | Kind::Splice(_) => {
                    Err(self.general(expr.span, "quoted data"))
                }
            },
            ExprKind::Unspecified => Ok(Val::Unspecified),
            ExprKind::Local(local) => scope.get(*local).ok_or_else(|| {
                let name = &self.info(*local).name;
                Stop::Error(Diagnostic::new(Code::Unbound, expr.span, format!("`{name}` has no value here")))
            }),
            ExprKind::Prim(prim) => Ok(Val::Prim(*prim)),
            ExprKind::Lambda(lambda) => Ok(Val::Closure(lambda, scope.clone())),
            ExprKind::If(test, then, els) => self.choice(expr.span, test, then, els, scope),
            ExprKind::Let(bindings, body) => {
                let mut scope = scope.clone();
                for (local, init) in bindings {
                    let value = self.expr(init, &scope)?;
                    scope.bind(*local, value);
                }
                self.expr(body, &scope)
            }
            ExprKind::Fix(bindings, body) => self.expr(body, &scope.with(HashMap::new(), bindings)),
            ExprKind::Begin(exprs) => {
                let mut value = Val::Unspecified;
                for expr in exprs {
                    value = self.expr(expr, scope)?;
                }
                Ok(value)
            }
            ExprKind::Call(head, args) => {
                let callee = self.expr(head, scope)?;
                let mut values = Vec::with_capacity(args.len());
                for arg in args {
                    values.push(self.expr(arg, scope)?);
                }
                self.call(expr.span, head, args, callee, values)
            }
        }
    }

    fn call(
        &mut self,
        span: Span,
        head: &'p Expr,
        args: &'p [Expr],
        callee: Val<'p>,
        values: Vec<Val<'p>>,
    ) -> Result<Val<'p>, Stop> {
        self.size += 1;
        if self.size > MAX_SIZE {
            let message = format!("inlined, the program has more than {MAX_SIZE} operations");
            return Err(Stop::Error(Diagnostic::new(Code::TooLarge, span, message)));
        }
        match callee {
            Val::Prim(Prim::Numeric(row)) => {
                if !row.row().total {
                    return Err(
                        self.general(span, &format!("`{}`, which can fail,", Prim::Numeric(row).name()))
                    );
                }
                let mut rows = Application { lowering: self, span, head, args };
                calls::call(&mut rows, row, &values)
            }
            Val::Prim(Prim::Array(row)) => Err(self.general(span, &format!("`{}`", row.row().name))),
            Val::Prim(Prim::Structural(row)) => self.structural(span, head, row, &values),
            Val::Closure(lambda, scope) => self.inline(span, head, lambda, &scope, values),
            Val::Atom(_) | Val::Unspecified => {
                let found = match &callee {
                    Val::Atom(atom) if self.builder.ty(*atom).scalar == Scalar::Bool => "a boolean",
                    Val::Atom(_) => "a number",
                    _ => "the unspecified value",
                };
                Err(self.wrong(Diagnostic::new(
                    Code::NotAProcedure,
                    head.span,
                    format!("{found} is called as a procedure"),
                )))
            }
        }
    }

    fn inline(
        &mut self,
        span: Span,
        head: &'p Expr,
        lambda: &'p Lambda,
        scope: &Scope<'p>,
        values: Vec<Val<'p>>,
    ) -> Result<Val<'p>, Stop> {
        let name = lambda.name.as_deref().unwrap_or("this procedure");
        if lambda.rest.is_some() {
            return Err(self.general(span, "a rest parameter"));
        }
        if values.len() != lambda.params.len() {
            let arity = crate::prim::Arity::exactly(lambda.params.len() as u32);
            let message = format!("`{name}` takes {arity}, given {}", values.len());
            return Err(self.wrong(Diagnostic::new(Code::Arity, head.span, message)));
        }
        if self.active.contains(&std::ptr::from_ref(lambda)) {
            return Err(Stop::Error(
                Diagnostic::new(
                    Code::NotYet,
                    span,
                    format!(
                        "`{name}` is called within a call of itself: loops and recursion are not compiled yet"
                    ),
                )
                .hint("write a fixed number of steps as nested calls"),
            ));
        }
        let values = lambda.params.iter().copied().zip(values).collect();
        self.active.push(lambda);
        let value = self.expr(&lambda.body, &scope.with(values, &[]));
        self.active.pop();
        value
    }

    fn structural(
        &mut self,
        span: Span,
        head: &'p Expr,
        row: Structural,
        values: &[Val<'p>],
    ) -> Result<Val<'p>, Stop> {
        let name = row.row().name;
        if !row.row().arity.accepts(values.len()) {
            let message = format!("`{name}` takes {}, given {}", row.row().arity, values.len());
            return Err(self.wrong(Diagnostic::new(Code::Arity, head.span, message)));
        }
        let is = |b: bool| Ok(Val::Atom(Atom::Bool(b)));
        let scalar = |i: usize| match &values[i] {
            Val::Atom(atom) => Some(self.builder.ty(*atom).scalar),
            _ => None,
        };
        match row {
            Structural::IsNumber | Structural::IsReal | Structural::IsComplex => {
                is(scalar(0) == Some(Scalar::Real))
            }
            Structural::IsInteger | Structural::IsRational => match values[0] {
                Val::Atom(atom) if scalar(0) == Some(Scalar::Real) => {
                    let row =
                        if row == Structural::IsInteger { Numeric::IsInteger } else { Numeric::IsFinite };
                    Ok(Val::Atom(self.builder.row(row, &[atom])))
                }
                _ => is(false),
            },
            Structural::IsBoolean => is(scalar(0) == Some(Scalar::Bool)),
            Structural::IsProcedure => is(matches!(values[0], Val::Closure(..) | Val::Prim(_))),
            Structural::IsPair
            | Structural::IsNull
            | Structural::IsList
            | Structural::IsSymbol
            | Structural::IsString
            | Structural::IsVector
            | Structural::IsChar
            | Structural::IsVec
            | Structural::IsMat => is(false),
            Structural::Not => match values[0] {
                Val::Atom(atom) if scalar(0) == Some(Scalar::Bool) => {
                    Ok(Val::Atom(self.builder.row(Numeric::Not, &[atom])))
                }
                _ => is(false),
            },
            Structural::Eq | Structural::Eqv | Structural::Equal => match (&values[0], &values[1]) {
                (Val::Atom(a), Val::Atom(b)) => match (scalar(0), scalar(1)) {
                    (Some(Scalar::Real), Some(Scalar::Real)) => {
                        Ok(Val::Atom(self.builder.row(Numeric::Eqv, &[*a, *b])))
                    }
                    (Some(Scalar::Bool), Some(Scalar::Bool)) => {
                        let both = self.builder.row(Numeric::And, &[*a, *b]);
                        let either = self.builder.row(Numeric::Or, &[*a, *b]);
                        let neither = self.builder.row(Numeric::Not, &[either]);
                        Ok(Val::Atom(self.builder.row(Numeric::Or, &[both, neither])))
                    }
                    _ => is(false),
                },
                (Val::Prim(a), Val::Prim(b)) => is(a == b),
                (Val::Unspecified, Val::Unspecified) => is(true),
                (Val::Closure(..), Val::Closure(..)) => Err(self.general(span, "comparing procedures")),
                _ => is(false),
            },
            _ => Err(self.general(span, &format!("`{name}`"))),
        }
    }

    fn choice(
        &mut self,
        span: Span,
        test: &'p Expr,
        then: &'p Expr,
        els: &'p Expr,
        scope: &Scope<'p>,
    ) -> Result<Val<'p>, Stop> {
        let condition = match self.expr(test, scope)? {
            Val::Atom(Atom::Bool(b)) => return self.expr(if b { then } else { els }, scope),
            Val::Atom(atom) if self.builder.ty(atom).scalar == Scalar::Bool => atom,
            // Only `#f` is false.
            _ => return self.expr(then, scope),
        };
        let outer = self.conditional.replace(test.span);
        let builder = self.builder;
        let (then_insts, then_value) = builder.scoped(|| self.expr(then, scope));
        let (els_insts, els_value) = builder.scoped(|| self.expr(els, scope));
        self.conditional = outer;
        let (then_value, els_value) = (then_value?, els_value?);
        let (a, b) = match (then_value, els_value) {
            (Val::Atom(a), Val::Atom(b)) if builder.ty(a).scalar == builder.ty(b).scalar => (a, b),
            (Val::Prim(a), Val::Prim(b)) if a == b => return Ok(Val::Prim(a)),
            (Val::Unspecified, Val::Unspecified) => return Ok(Val::Unspecified),
            (Val::Atom(_), Val::Atom(_)) => {
                return Err(self.general(span, "a choice between a number and a boolean"));
            }
            (Val::Closure(..) | Val::Prim(_), Val::Closure(..) | Val::Prim(_)) => {
                return Err(self.general(span, "a choice between procedures"));
            }
            (Val::Unspecified, _) | (_, Val::Unspecified) => {
                return Err(self.general(span, "a choice that has no value on one side"));
            }
            _ => return Err(self.general(span, "a choice between values of different types")),
        };
        let block = |insts: Vec<Inst>, result| Block { insts, results: vec![result] };
        let ty = Type { scalar: builder.ty(a).scalar, ..Type::REAL };
        Ok(Val::Atom(builder.choose(condition, block(then_insts, a), block(els_insts, b), &[ty])[0]))
    }
}

/// A call of a numeric row in a program.
struct Application<'l, 'b, 'p> {
    lowering: &'l mut Lowering<'b, 'p>,
    span: Span,
    head: &'p Expr,
    args: &'p [Expr],
}

impl<'p> Rows for Application<'_, '_, 'p> {
    type Value = Val<'p>;
    type Error = Stop;

    fn literal(&mut self, x: f64) -> Val<'p> {
        Val::Atom(Atom::Real(x))
    }

    fn truth(&mut self, b: bool) -> Val<'p> {
        Val::Atom(Atom::Bool(b))
    }

    fn operand(&mut self, row: Numeric, index: usize, value: &Val<'p>) -> Result<Val<'p>, Stop> {
        let builder = self.lowering.builder;
        let found = match value {
            Val::Atom(atom) => match builder.ty(*atom).scalar {
                Scalar::Real => return Ok(Val::Atom(*atom)),
                Scalar::Bool if calls::counts_truth(row) => {
                    return Ok(Val::Atom(builder.row(Numeric::Indicator, &[*atom])));
                }
                Scalar::Bool | Scalar::Record => "a boolean",
            },
            Val::Closure(..) | Val::Prim(_) => "a procedure",
            Val::Unspecified => "the unspecified value",
        };
        let name = Prim::Numeric(row).name();
        let span = self.args.get(index).map_or(self.span, |a| a.span);
        Err(self.lowering.wrong(Diagnostic::new(
            Code::WrongType,
            span,
            format!("`{name}` wants a number, given {found}"),
        )))
    }

    fn apply(&mut self, row: Numeric, operands: &[Val<'p>]) -> Result<Val<'p>, Stop> {
        let atom = |v: &Val<'p>| match v {
            Val::Atom(atom) => *atom,
            _ => Atom::Real(f64::NAN),
        };
        let atoms: Vec<Atom> = operands.iter().map(atom).collect();
        Ok(Val::Atom(self.lowering.builder.row(row, &atoms)))
    }

    fn wrong_arity(&mut self, row: Numeric, found: usize) -> Stop {
        let prim = Prim::Numeric(row);
        let message = format!("`{}` takes {}, given {found}", prim.name(), prim.arity());
        self.lowering.wrong(Diagnostic::new(Code::Arity, self.head.span, message))
    }
}
