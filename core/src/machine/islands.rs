//! Direct islands: procedures of a machine program that are direct code wherever they are given numbers.
//!
//! `islands : program -> [(procedure, module)]`. A procedure that a [`Fix`](ExprKind::Fix) binds is lowered as a
//! program of its own, whose inputs are what it captures and its parameters, all taken to be numbers. If
//! that gives direct code with a loop or recursion, and a number, it is an island: at its entry the
//! machine looks whether all are numbers, and runs the direct code, or else the procedure's blocks. So nothing
//! is proved here of the program, and an island that is never entered costs no more than that look.
//!
//! Procedures and constants of the surroundings that an island refers to are part of it. The outermost
//! procedures are chosen, few of a program, and none within another's.

use crate::{
    anf,
    datum::Kind,
    kernel::{Expr, ExprKind, Lambda, Local, LocalInfo, Program, free_locals},
    lower::{Arrangement, Lowered, lower},
    span::Span,
};
use std::{
    collections::{BTreeSet, HashSet},
    rc::Rc,
};

/// The most islands of a program.
const MOST: usize = 8;

/// The most procedures that are tried.
const MOST_TRIED: usize = 64;

/// The most instructions of an island.
const MOST_INSTRUCTIONS: usize = 2000;

/// A procedure that is direct code where it is given numbers.
#[derive(Clone, Debug)]
pub struct Island {
    /// The procedure, which a `Fix` binds.
    pub local: Local,
    /// What messages call it.
    pub name: Rc<str>,
    /// Where it was written.
    pub span: Span,
    /// The bindings around it that must be numbers.
    pub inputs: Vec<Local>,
    /// The code: from those and then the parameters to the value.
    pub module: anf::Module,
}

/// The islands of a program.
pub fn islands(program: &Program) -> Vec<Island> {
    let mut search = Search { program, around: Vec::new(), found: Vec::new(), tried: 0 };
    search.within(&program.body);
    search.found
}

/// A binding around an expression whose value is known.
#[derive(Clone, Copy)]
enum Around<'p> {
    Value(Local, &'p Expr),
    Procedures(&'p [(Local, Lambda)]),
    /// The expression is inside of one of these procedures.
    Enclosing(&'p [(Local, Lambda)]),
}

impl Around<'_> {
    fn binds(self, local: Local) -> bool {
        match self {
            Self::Value(bound, _) => bound == local,
            Self::Procedures(all) | Self::Enclosing(all) => all.iter().any(|(bound, _)| *bound == local),
        }
    }

    /// What it refers to in its own surroundings.
    fn free(self) -> Vec<Local> {
        match self {
            Self::Value(_, Expr { kind: ExprKind::Lambda(lambda), .. }) => free_locals(lambda),
            Self::Value(..) => Vec::new(),
            Self::Procedures(all) | Self::Enclosing(all) => {
                all.iter().flat_map(|(_, lambda)| free_locals(lambda)).collect()
            }
        }
    }

    /// The binding around a body.
    fn bind(self, body: Expr) -> Expr {
        let span = body.span;
        let kind = match (self, body.kind) {
            // One `let` for a run of them, which would nest.
            (Self::Value(local, value), ExprKind::Let(mut bindings, body)) => {
                bindings.insert(0, (local, value.clone()));
                ExprKind::Let(bindings, body)
            }
            (Self::Value(local, value), kind) => {
                ExprKind::Let(vec![(local, value.clone())], Expr { kind, span }.into())
            }
            (Self::Procedures(all) | Self::Enclosing(all), kind) => {
                ExprKind::Fix(all.to_vec(), Expr { kind, span }.into())
            }
        };
        Expr { kind, span }
    }
}

struct Search<'p> {
    program: &'p Program,
    /// From the outermost.
    around: Vec<Around<'p>>,
    found: Vec<Island>,
    tried: usize,
}

impl<'p> Search<'p> {
    fn within(&mut self, expr: &'p Expr) {
        let depth = self.around.len();
        match &expr.kind {
            ExprKind::Let(bindings, body) => {
                for (local, value) in bindings {
                    self.within(value);
                    if is_known(value) {
                        self.around.push(Around::Value(*local, value));
                    }
                }
                self.within(body);
            }
            ExprKind::Fix(bindings, body) => {
                let islands: Vec<Option<Island>> =
                    bindings.iter().map(|(local, lambda)| self.island(bindings, *local, lambda)).collect();
                self.around.push(Around::Enclosing(bindings));
                for (island, (_, lambda)) in islands.into_iter().zip(bindings) {
                    match island {
                        Some(island) if self.found.len() < MOST => self.found.push(island),
                        Some(_) => {}
                        None => self.within(&lambda.body),
                    }
                }
                self.around.truncate(depth);
                self.around.push(Around::Procedures(bindings));
                self.within(body);
            }
            _ => expr.each_child(&mut |child| self.within(child)),
        }
        self.around.truncate(depth);
    }

    /// A procedure of a `Fix` as an island, if it is one.
    fn island(
        &mut self,
        bindings: &'p [(Local, Lambda)],
        local: Local,
        lambda: &'p Lambda,
    ) -> Option<Island> {
        if lambda.rest.is_some() || self.found.len() >= MOST || self.tried >= MOST_TRIED {
            return None;
        }
        self.tried += 1;
        let group = Around::Procedures(bindings);
        let (needed, inputs) = self.needs(group)?;
        let span = lambda.body.span;
        let mut locals = self.program.locals.clone();
        let fresh: Vec<Local> = lambda
            .params
            .iter()
            .map(|param| {
                let info = locals.get(param.0 as usize).cloned();
                locals.push(info.unwrap_or(LocalInfo { name: "x".into(), span, prelude: false }));
                Local(locals.len() as u32 - 1)
            })
            .collect();
        let named = |local| Expr { kind: ExprKind::Local(local), span };
        let arguments = fresh.iter().copied().map(named).collect();
        let call = Expr { kind: ExprKind::Call(named(local).into(), arguments), span };
        let around = needed.iter().rev().filter_map(|i| self.around.get(*i));
        let alone = Program {
            locals,
            inputs: inputs.iter().copied().chain(fresh).collect(),
            captures: Vec::new(),
            params: Vec::new(),
            declared: self.program.declared.clone(),
            shadows: Vec::new(),
            body: around.fold(group.bind(call), |body, around| around.bind(body)),
        };
        let name = lambda.name.clone().unwrap_or_else(|| "lambda".into());
        let Ok(Lowered::Direct(direct)) = lower(&name, &alone) else { return None };
        let numbers = direct.inputs.iter().all(|input| *input == Arrangement::Real);
        let is_island = numbers && direct.result == Arrangement::Real && is_worth(&direct.module);
        is_island.then_some(Island { local, name, span, inputs, module: direct.module })
    }

    /// What a group of procedures refers to: the known bindings, by their places around it, and the others. None,
    /// if it calls a procedure that it is part of.
    fn needs(&self, group: Around<'p>) -> Option<(BTreeSet<usize>, Vec<Local>)> {
        let (mut needed, mut inputs, mut seen) = (BTreeSet::new(), Vec::new(), HashSet::new());
        let mut todo = group.free();
        while let Some(local) = todo.pop() {
            if group.binds(local) || !seen.insert(local) {
                continue;
            }
            match self.around.iter().enumerate().find(|(_, around)| around.binds(local)) {
                Some((_, Around::Enclosing(_))) => return None,
                Some((at, around)) if needed.insert(at) => todo.extend(around.free()),
                Some(_) => {}
                None => inputs.push(local),
            }
        }
        inputs.sort_unstable();
        Some((needed, inputs))
    }
}

/// Whether a binding's value needs no run to be known.
fn is_known(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Lambda(_) | ExprKind::Prim(_) => true,
        ExprKind::Quote(datum) => matches!(datum.kind, Kind::Number(_) | Kind::Bool(_)),
        _ => false,
    }
}

/// Whether code does enough to be run by itself, and is not too long.
fn is_worth(module: &anf::Module) -> bool {
    let loops = module.functions.iter().any(|function| function.kind == anf::Kind::Loop);
    let size: usize = module.functions.iter().map(|function| function.graph.size()).sum();
    (loops || module.recursive().contains(&true)) && size <= MOST_INSTRUCTIONS
}
