//! The invariants of graphs and modules, checked.
//!
//! 1. There are as many parameter names as parameters.
//! 2. Every variable is bound at most once, by a parameter or one instruction.
//! 3. An operand or result is a literal or a variable bound earlier in the same or an enclosing block.
//! 4. A row has as many operands as its table row (`min` and `max`: at least one) of its types;
//!    operands that are not literals have one shape, which its result has as well.
//!    A table has one index and one result, numbers of one shape.
//! 5. A broadcast or sum names an axis in range and its result has the axes that follow.
//! 6. A choice has one truth value as operand; both blocks give as many results as it binds, of the
//!    same types (a literal fits any shape); the condition's axes are a prefix of every result's.
//! 7. A failure has no results.
//!
//! Of a module besides:
//!
//! 8. There is a program, which is no loop. A loop gives whether it goes on, then its parameters' next
//!    values, of their types, then its exits.
//! 9. A call names a function of the module, whose parameters and results have the operands' and results'
//!    types. Parameters and results are numbers and truth values.
//! 10. There are no records, and nothing that takes or gives them: those are of derivatives.

use super::{Atom, Block, FnId, Function, Graph, Inst, Kind, Module, Op, Type, Var};
use crate::prim::{Calls, Scalar};
use std::fmt;

/// What is wrong, and the instruction where it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The number of the invariant in the module's list.
    pub invariant: u8,
    /// The place: an instruction's first result, or the graph's header or result.
    pub at: Option<Var>,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}", self.invariant)?;
        if let Some(at) = self.at {
            write!(f, " at {at}")?;
        }
        write!(f, ": {}", self.found)
    }
}

/// Checks every invariant.
///
/// # Errors
/// The first violation.
pub fn verify(graph: &Graph) -> Result<(), Violation> {
    let mut scope =
        Scope { graph, bound: vec![false; graph.vars.len()], visible: vec![false; graph.vars.len()] };
    if graph.names.len() != graph.params.len() {
        return Err(violation(1, None, "names and parameters differ in number"));
    }
    for param in &graph.params {
        scope.bind(*param)?;
    }
    scope.block(&graph.body)
}

/// Checks every invariant of a module.
///
/// # Errors
/// The first violation, which says in which function it was found.
pub fn verify_module(module: &Module) -> Result<(), Violation> {
    if module.get(FnId(0)).is_none_or(|program| program.kind == Kind::Loop) {
        return Err(violation(8, None, "no program, which runs once"));
    }
    module.functions.iter().enumerate().try_for_each(|(id, function)| {
        let found = |v: Violation| Violation { found: format!("{} (in f{id})", v.found), ..v };
        verify(&function.graph).and_then(|()| self::function(module, function)).map_err(found)
    })
}

fn function(module: &Module, function: &Function) -> Result<(), Violation> {
    let graph = &function.graph;
    if let Some(var) = (0..graph.vars.len() as u32).map(Var).find(|v| record(graph.ty(Atom::Var(*v)))) {
        return Err(violation(10, Some(var), "a record"));
    }
    if function.kind == Kind::Loop {
        let next = function.next();
        if next.len() != graph.params.len() || graph.body.results.len() <= next.len() {
            return Err(violation(8, None, "fewer results than a loop has"));
        }
        if graph.ty(graph.body.results[0]) != Type::BOOL {
            return Err(violation(8, None, "whether to go on is not a truth value"));
        }
        if !next.iter().zip(graph.param_types()).all(|(atom, ty)| fits(graph, *atom, ty)) {
            return Err(violation(8, None, "types of the next step's parameters"));
        }
    }
    calls(module, graph, &graph.body)
}

/// What the reverse of a function gives and takes: of which parameters and results it is cotangents, and of which,
/// after these, truth values.
pub(crate) struct Shapes {
    pub(crate) given: [Vec<bool>; 2],
    pub(crate) taken: [Vec<bool>; 2],
}

/// Checks that a derivative's graph gives and takes what its calls do: `shapes` tells it of a function.
pub(crate) fn verify_records(
    module: &Module,
    graph: &Graph,
    shapes: impl Fn(FnId) -> Option<Shapes>,
) -> Result<(), Violation> {
    verify(graph)?;
    let mut verdict = Ok(());
    graph.body.each(&mut |inst| {
        let at = inst.results.first().copied();
        let results: Vec<Type> = inst.results.iter().map(|v| graph.ty(Atom::Var(*v))).collect();
        let (id, params, given) = match &inst.op {
            Op::Call(id) | Op::Forward(id) => {
                let Some(callee) = module.get(*id) else { return };
                let record = matches!(inst.op, Op::Forward(_)).then_some(Type::RECORD);
                (*id, callee.graph.param_types(), callee.exit_types().into_iter().chain(record).collect())
            }
            Op::Reverse(id) => {
                let Some((Shapes { given, taken }, callee)) = shapes(*id).zip(module.get(*id)) else {
                    verdict = Err(violation(9, at, format!("no adjoint of f{}", id.0)));
                    return;
                };
                let marked = |types: Vec<Type>, [numbers, told]: [Vec<bool>; 2]| -> Vec<Type> {
                    let numbers = types.into_iter().zip(numbers).filter(|(_, is)| *is).map(|(ty, _)| ty);
                    numbers.chain(told.into_iter().filter(|is| *is).map(|_| Type::BOOL)).collect()
                };
                let cotangents = marked(callee.exit_types(), taken);
                let params = [&[Type::RECORD], &cotangents[..]].concat();
                (*id, params, marked(callee.graph.param_types(), given))
            }
            Op::Tangent(_) => {
                verdict = Err(violation(10, at, "a tangent"));
                return;
            }
            Op::Row(_)
            | Op::Whole(_)
            | Op::Table(_)
            | Op::Broadcast { .. }
            | Op::Sum { .. }
            | Op::If { .. }
            | Op::Fail(_) => return,
        };
        let fit = inst.args.iter().zip(&params).all(|(atom, ty)| fits(graph, *atom, *ty));
        if inst.args.len() != params.len() || !fit || results != given {
            verdict = Err(violation(9, at, format!("operands or results of f{}", id.0)));
        }
    });
    verdict
}

fn record(ty: Type) -> bool {
    ty.scalar == Scalar::Record
}

fn calls(module: &Module, graph: &Graph, block: &Block) -> Result<(), Violation> {
    block.insts.iter().try_for_each(|inst| {
        let at = inst.results.first().copied();
        match &inst.op {
            Op::Call(id) => {
                let Some(callee) = module.get(*id) else {
                    return Err(violation(9, at, format!("there is no f{}", id.0)));
                };
                let params = callee.graph.param_types();
                let given = inst.args.iter().zip(&params).all(|(atom, ty)| fits(graph, *atom, *ty));
                if params.len() != inst.args.len() || !given {
                    return Err(violation(9, at, format!("arguments of f{}", id.0)));
                }
                let results: Vec<Type> = inst.results.iter().map(|v| graph.ty(Atom::Var(*v))).collect();
                if results != callee.exit_types() {
                    return Err(violation(9, at, format!("results of f{}", id.0)));
                }
                Ok(())
            }
            Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) => {
                Err(violation(10, at, "a derivative's instruction"))
            }
            Op::If { then, els } => [then, els].into_iter().try_for_each(|side| calls(module, graph, side)),
            Op::Row(_)
            | Op::Whole(_)
            | Op::Table(_)
            | Op::Broadcast { .. }
            | Op::Sum { .. }
            | Op::Fail(_) => Ok(()),
        }
    })
}

/// Whether an atom can stand where that type is wanted: a literal has any axes, and `false` is no record.
fn fits(graph: &Graph, atom: Atom, wanted: Type) -> bool {
    let given = graph.ty(atom);
    let literal = given.scalar == wanted.scalar || (record(wanted) && atom == Atom::Bool(false));
    given == wanted || (atom.var().is_none() && literal)
}

fn violation(invariant: u8, at: Option<Var>, found: impl Into<String>) -> Violation {
    Violation { invariant, at, found: found.into() }
}

struct Scope<'g> {
    graph: &'g Graph,
    bound: Vec<bool>,
    visible: Vec<bool>,
}

impl Scope<'_> {
    fn bind(&mut self, var: Var) -> Result<(), Violation> {
        match self.bound.get_mut(var.0 as usize) {
            None => Err(violation(2, Some(var), "no such variable")),
            Some(bound) if *bound => Err(violation(2, Some(var), "bound twice")),
            Some(bound) => {
                *bound = true;
                self.visible[var.0 as usize] = true;
                Ok(())
            }
        }
    }

    fn see(&self, atom: Atom, at: Option<Var>) -> Result<(), Violation> {
        match atom {
            Atom::Var(v) if !self.visible.get(v.0 as usize).copied().unwrap_or(false) => {
                Err(violation(3, at, format!("{v} is not in scope")))
            }
            _ => Ok(()),
        }
    }

    fn block(&mut self, block: &Block) -> Result<(), Violation> {
        let mut mine = Vec::new();
        for inst in &block.insts {
            self.inst(inst)?;
            for result in &inst.results {
                self.bind(*result)?;
                mine.push(*result);
            }
        }
        block.results.iter().try_for_each(|r| self.see(*r, None))?;
        for var in mine {
            self.visible[var.0 as usize] = false;
        }
        Ok(())
    }

    fn inst(&mut self, inst: &Inst) -> Result<(), Violation> {
        let at = inst.results.first().copied();
        inst.args.iter().try_for_each(|a| self.see(*a, at))?;
        let ty = |atom: &Atom| self.graph.ty(*atom);
        let result = inst.results.first().map(|v| ty(&Atom::Var(*v)));
        match &inst.op {
            Op::Row(row) => {
                let row = row.row();
                let counted = match row.calls {
                    Calls::All => !inst.args.is_empty(),
                    _ => inst.args.len() == row.operands.len(),
                };
                let mut wanted = row.operands.iter().chain(row.operands.last().into_iter().cycle());
                let typed = inst.args.iter().all(|a| wanted.next() == Some(&ty(a).scalar));
                let shapes: Vec<_> =
                    inst.args.iter().filter(|a| a.var().is_some()).map(|a| ty(a).dims).collect();
                let dims = shapes.first().copied().unwrap_or_default();
                let shaped = shapes.iter().all(|s| *s == dims);
                if !(counted && typed && shaped && inst.results.len() == 1) {
                    return Err(violation(
                        4,
                        at,
                        format!("operands {:?} of `{}`", types(self.graph, &inst.args), row.ident),
                    ));
                }
                if result != Some(Type { scalar: row.result, dims }) {
                    return Err(violation(4, at, format!("result type of `{}`", row.ident)));
                }
            }
            Op::Whole(whole) => {
                let variables = inst.args.iter().filter(|a| a.var().is_some());
                let dims = variables.map(|a| ty(a).dims).next().unwrap_or_default();
                let number = Type { scalar: Scalar::Real, dims };
                let taken = inst.args.iter().all(|a| fits(self.graph, *a, number));
                let given = inst.results.iter().all(|v| ty(&Atom::Var(*v)) == number);
                let counted = inst.args.len() == whole.operands() && inst.results.len() == whole.results();
                if !(taken && given && counted) {
                    return Err(violation(4, at, format!("operands or results of `{whole}`")));
                }
            }
            Op::Table(_) => {
                let number = inst.args.first().map(ty).filter(|ty| ty.scalar == Scalar::Real);
                if inst.args.len() != 1 || inst.results.len() != 1 || number.is_none() || result != number {
                    return Err(violation(4, at, "operand or result of `table`"));
                }
            }
            Op::Broadcast { axis, size } => {
                let want = self.axes(inst, |ty| ty.dims.insert(*axis as usize, *size))?;
                if result != Some(want) {
                    return Err(violation(5, at, "result type of `broadcast`"));
                }
            }
            Op::Sum { axis } => {
                let want = self.axes(inst, |ty| ty.dims.remove(*axis as usize))?;
                if result != Some(want) || want.scalar != Scalar::Real {
                    return Err(violation(5, at, "result type of `sum`"));
                }
            }
            // What a callee takes and gives is the module's to know.
            Op::Call(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) => {}
            Op::Fail(_) if inst.results.is_empty() => {}
            Op::Fail(_) => return Err(violation(7, at, "results of a failure")),
            Op::If { then, els } => {
                let [condition] = inst.args[..] else { return Err(violation(6, at, "not one operand")) };
                let condition = ty(&condition);
                if condition.scalar != Scalar::Bool {
                    return Err(violation(6, at, "the condition is not a truth value"));
                }
                for block in [then, els] {
                    self.block(block)?;
                    let fits = |(atom, var): (&Atom, &Var)| fits(self.graph, *atom, ty(&Atom::Var(*var)));
                    if block.results.len() != inst.results.len()
                        || !block.results.iter().zip(&inst.results).all(fits)
                    {
                        return Err(violation(6, at, "results of a block"));
                    }
                }
                let prefix = |v: &Var| ty(&Atom::Var(*v)).dims.axes().starts_with(condition.dims.axes());
                if !inst.results.iter().all(prefix) {
                    return Err(violation(6, at, "axes of the condition"));
                }
            }
        }
        Ok(())
    }

    fn axes(&self, inst: &Inst, change: impl Fn(Type) -> Option<super::Dims>) -> Result<Type, Violation> {
        let at = inst.results.first().copied();
        let [arg] = inst.args[..] else { return Err(violation(5, at, "not one operand")) };
        let ty = self.graph.ty(arg);
        let dims = change(ty).ok_or_else(|| violation(5, at, "axis out of range"))?;
        Ok(Type { dims, ..ty })
    }
}

fn types(graph: &Graph, atoms: &[Atom]) -> Vec<Type> {
    atoms.iter().map(|a| graph.ty(*a)).collect()
}
