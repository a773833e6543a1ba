//! Naive evaluation of graphs, the oracle of tests.
//!
//! Generic over the number: `f64`, or any other [`Real`] with plain truth values. It trades all speed
//! for being plainly right: one instruction after the other on arrays of operands, and of a choice
//! only the side taken. Where a condition has axes, its elements are run one after the other, each
//! alone with its own row of every array, so a block that looks at another row is found out.
//!
//! Programs, before any compilation, are run by [`program`], which leaves traces on [`recorded`] numbers, compared by [`renumbered`]. Of calls on arrays, [`scalars`] is the graph on their
//! elements. Of modules, [`call`] runs the functions, and [`call_reverse`] their adjoints with the records they leave.
//!
//! It promises no speed, and nothing for graphs that do not [verify](crate::anf::verify).

mod arrays;
mod modules;
pub mod nested;
pub mod program;
pub mod recorded;
pub mod renumbered;

pub use arrays::{samples, scalars};
pub use modules::{call, call_reverse};

use crate::{
    anf::{Atom, Block, Dims, Graph, Inst, Op, Type, Var},
    diag::Code,
    prim::{Operand, Scalar, Whole},
    real::Real,
};
use std::fmt;

/// Numbers or truth values, the last axis varying fastest.
#[derive(Clone, Debug)]
pub struct Array<A: Real> {
    /// The axes.
    pub dims: Dims,
    /// The elements, as many as `dims` says.
    pub data: Vec<Operand<A>>,
}

impl<A: Real<Mask = bool>> Array<A> {
    /// A number.
    pub fn real(x: A) -> Self {
        Self { dims: Dims::SCALAR, data: vec![Operand::Real(x)] }
    }

    /// A truth value.
    pub fn bool(b: bool) -> Self {
        Self { dims: Dims::SCALAR, data: vec![Operand::Bool(b)] }
    }

    /// Numbers with axes; `None` unless `dims` has room for exactly these.
    pub fn reals(dims: Dims, data: &[A]) -> Option<Self> {
        (dims.len() == data.len())
            .then(|| Self { dims, data: data.iter().copied().map(Operand::Real).collect() })
    }

    /// Arrays of one shape, stacked along a new first axis; `None` if shapes differ or there are none.
    pub fn stack(rows: &[Self]) -> Option<Self> {
        let dims = rows.first()?.dims;
        let data = rows.iter().flat_map(|row| row.data.iter().copied()).collect();
        let same = rows.iter().all(|row| row.dims == dims);
        Some(Self { dims: dims.insert(0, rows.len() as u32).filter(|_| same)?, data })
    }

    /// The numbers, truth values left out.
    pub fn numbers(&self) -> Vec<A> {
        let number = |x: &Operand<A>| match x {
            Operand::Real(x) => Some(*x),
            Operand::Bool(_) => None,
        };
        self.data.iter().filter_map(number).collect()
    }

    /// Row `index` of those that the first axes, `rows`, count.
    fn row(&self, rows: &[u32], index: usize) -> Option<Self> {
        let dims = Dims::new(self.dims.axes().strip_prefix(rows)?)?;
        let start = index * dims.len();
        Some(Self { dims, data: self.data.get(start..start + dims.len())?.to_vec() })
    }

    /// With these axes: what has none is copied along them.
    fn filled(self, dims: Dims) -> Self {
        match self.data[..] {
            [x] if self.dims == Dims::SCALAR => Self { dims, data: vec![x; dims.len()] },
            _ => self,
        }
    }

    fn broadcast(&self, axis: usize, size: u32) -> Option<Self> {
        let inner: usize = self.dims.axes().get(axis..)?.iter().map(|n| *n as usize).product();
        let mut data = Vec::new();
        for slab in self.data.chunks(inner.max(1)) {
            (0..size).for_each(|_| data.extend_from_slice(slab));
        }
        Some(Self { dims: self.dims.insert(axis, size)?, data })
    }

    fn sum(&self, axis: usize) -> Option<Self> {
        let dims = self.dims.remove(axis)?;
        let inner: usize = self.dims.axes()[axis + 1..].iter().map(|n| *n as usize).product();
        let size = self.dims.axes()[axis] as usize;
        let numbers = self.numbers();
        let element = |i: usize| {
            let (outer, inside) = (i / inner, i % inner);
            let parts = (0..size).map(|k| numbers[(outer * size + k) * inner + inside]);
            Operand::Real(parts.reduce(|sum, x| sum + x).unwrap_or(A::lit(0.0)))
        };
        Some(Self { dims, data: (0..dims.len()).map(element).collect() })
    }
}

/// Why a graph has no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// An argument is missing or has not its parameter's type.
    Argument {
        /// Which one, from 0.
        index: usize,
    },
    /// An instruction in a choice by row looks at other rows, or does not verify.
    Instruction {
        /// What it binds first.
        at: Option<Var>,
    },
    /// The program ended its run with an error.
    Failed {
        /// Which one.
        code: Code,
    },
    /// Calls nest too deep.
    Depth,
    /// A loop takes too many steps.
    Steps,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument { index } => write!(f, "argument {index} is missing or of another type"),
            Self::Instruction { at: Some(at) } => write!(f, "no value at {at}"),
            Self::Instruction { at: None } => write!(f, "no value"),
            Self::Failed { code } => write!(f, "the program failed with {}", code.as_str()),
            Self::Depth => write!(f, "calls nest too deep"),
            Self::Steps => write!(f, "a loop takes too many steps"),
        }
    }
}

impl std::error::Error for Fault {}

/// The results of `graph`, which calls no functions, at `args`.
///
/// # Errors
/// [`Fault`].
pub fn evaluate<A: Real<Mask = bool>>(graph: &Graph, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
    evaluate_by(graph, args, &mut NoCalls)
}

/// What runs a graph's calls.
trait Calls<A: Real> {
    fn call(&mut self, op: &Op, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault>;
}

struct NoCalls;

impl<A: Real> Calls<A> for NoCalls {
    fn call(&mut self, _: &Op, _: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
        Err(Fault::Instruction { at: None })
    }
}

fn evaluate_by<A: Real<Mask = bool>>(
    graph: &Graph,
    args: &[Array<A>],
    calls: &mut dyn Calls<A>,
) -> Result<Vec<Array<A>>, Fault> {
    let mut run = Run { graph, calls, values: vec![None; graph.vars.len()], rows: Rows::default() };
    for (index, param) in graph.params.iter().enumerate() {
        let ty = graph.ty(Atom::Var(*param));
        let record = ty.scalar == Scalar::Record;
        let fits =
            |x: &&Array<A>| x.dims == ty.dims && x.data.iter().all(|x| record || scalar(x) == ty.scalar);
        run.values[param.0 as usize] =
            Some(args.get(index).filter(fits).ok_or(Fault::Argument { index })?.clone());
    }
    run.block(&graph.body)
}

fn scalar<A: Real>(x: &Operand<A>) -> Scalar {
    match x {
        Operand::Real(_) => Scalar::Real,
        Operand::Bool(_) => Scalar::Bool,
    }
}

/// Which row of a choice by row is run: the axes that count them, and the row's number.
#[derive(Clone, Copy, Default)]
struct Rows {
    axes: Dims,
    index: usize,
}

impl Rows {
    /// The axes that an array of these has left in a row; `None` if it has not the rows' axes.
    fn rest(&self, dims: Dims) -> Option<Dims> {
        Dims::new(dims.axes().strip_prefix(self.axes.axes())?)
    }
}

struct Run<'g, A: Real> {
    graph: &'g Graph,
    calls: &'g mut dyn Calls<A>,
    /// In a row, that row of what has the rows' axes.
    values: Vec<Option<Array<A>>>,
    rows: Rows,
}

impl<A: Real<Mask = bool>> Run<'_, A> {
    fn get(&self, atom: Atom) -> Option<Array<A>> {
        match atom {
            Atom::Var(v) => self.values.get(v.0 as usize)?.clone(),
            Atom::Real(x) => Some(Array::real(A::lit(x))),
            Atom::Bool(b) => Some(Array::bool(b)),
        }
    }

    /// The axes of a variable's value here.
    fn dims(&self, var: Var) -> Dims {
        let dims = self.graph.ty(Atom::Var(var)).dims;
        self.rows.rest(dims).unwrap_or(dims)
    }

    fn block(&mut self, block: &Block) -> Result<Vec<Array<A>>, Fault> {
        for inst in &block.insts {
            let fault = Fault::Instruction { at: inst.results.first().copied() };
            let args: Option<Vec<Array<A>>> = inst.args.iter().map(|a| self.get(*a)).collect();
            let args = args.ok_or(fault)?;
            let results = match &inst.op {
                Op::If { then, els } => self.choice(inst, &args, [then, els])?,
                Op::Call(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) => {
                    self.calls.call(&inst.op, &args)?
                }
                Op::Fail(failure) => return Err(Fault::Failed { code: failure.code }),
                Op::Whole(whole) => self.whole(*whole, &args).ok_or(fault)?,
                op => vec![self.single(op, inst, &args).ok_or(fault)?],
            };
            for (var, value) in inst.results.iter().zip(results) {
                let value = value.filled(self.dims(*var));
                if value.dims != self.dims(*var) {
                    return Err(fault);
                }
                self.values[var.0 as usize] = Some(value);
            }
        }
        let results = block.results.iter().map(|a| self.get(*a));
        results.collect::<Option<_>>().ok_or(Fault::Instruction { at: None })
    }

    /// An operation on whole matrices, for each element of its arrays.
    fn whole(&self, whole: Whole, args: &[Array<A>]) -> Option<Vec<Array<A>>> {
        let dims = args.iter().map(|a| a.dims).find(|d| *d != Dims::SCALAR).unwrap_or_default();
        let args: Vec<Vec<A>> = args.iter().map(|a| a.clone().filled(dims).numbers()).collect();
        let mut arrays = vec![Array { dims, data: Vec::new() }; whole.results()];
        for i in 0..dims.len() {
            let operands: Vec<A> = args.iter().map(|a| a.get(i).copied()).collect::<Option<_>>()?;
            arrays
                .iter_mut()
                .zip(whole.on(&operands))
                .for_each(|(array, y)| array.data.push(Operand::Real(y)));
        }
        Some(arrays)
    }

    fn single(&self, op: &Op, inst: &Inst, args: &[Array<A>]) -> Option<Array<A>> {
        if let (Op::Table(table), [index]) = (op, args) {
            let item = |index: &A| Operand::Real(A::lit(table.at(index.primal())));
            let data = index.clone().numbers().iter().map(item).collect();
            return Some(Array { dims: index.dims, data });
        }
        if let Op::Row(row) = op {
            let dims = args.iter().map(|a| a.dims).find(|d| *d != Dims::SCALAR).unwrap_or_default();
            let args: Vec<Array<A>> = args.iter().map(|a| a.clone().filled(dims)).collect();
            let element = |i: usize| {
                let operands: Option<Vec<Operand<A>>> = args.iter().map(|a| a.data.get(i).copied()).collect();
                row.apply(&operands?)
            };
            return Some(Array { dims, data: (0..dims.len()).map(element).collect::<Option<_>>()? });
        }
        let [arg] = args else { return None };
        let Type { dims, .. } = self.graph.ty(inst.args[0]);
        let by_row = inst.args[0].var().is_some() && self.rows.rest(dims).is_some();
        let shift = if by_row { self.rows.axes.axes().len() } else { 0 };
        let value = match op {
            Op::Broadcast { axis, size } => arg.broadcast((*axis as usize).checked_sub(shift)?, *size)?,
            Op::Sum { axis } => arg.sum((*axis as usize).checked_sub(shift)?)?,
            _ => return None,
        };
        // What is one for all rows may be copied along them.
        let result = self.graph.ty(Atom::Var(*inst.results.first()?)).dims;
        if !by_row && self.rows.rest(result).is_some() {
            return value.row(self.rows.axes.axes(), self.rows.index);
        }
        Some(value)
    }

    fn choice(&mut self, inst: &Inst, args: &[Array<A>], sides: [&Block; 2]) -> Result<Vec<Array<A>>, Fault> {
        let fault = Fault::Instruction { at: inst.results.first().copied() };
        let [condition] = args else { return Err(fault) };
        let side = |taken: &Operand<A>| match taken {
            Operand::Bool(true) => Ok(sides[0]),
            Operand::Bool(false) => Ok(sides[1]),
            Operand::Real(_) => Err(fault),
        };
        if condition.dims == Dims::SCALAR {
            return self.block(side(condition.data.first().ok_or(fault)?)?);
        }
        let around = self.rows;
        let axes = self.graph.ty(inst.args[0]).dims;
        let count = around.rest(axes).ok_or(fault)?;
        let outside = self.values.clone();
        let mut results: Vec<Vec<Operand<A>>> = vec![Vec::new(); inst.results.len()];
        for (i, taken) in condition.data.iter().enumerate() {
            self.rows = Rows { axes, index: around.index * count.len() + i };
            for (value, info) in self.values.iter_mut().zip(&self.graph.vars) {
                if info.ty.dims.axes().starts_with(axes.axes()) {
                    *value = value.as_ref().and_then(|array| array.row(count.axes(), i));
                }
            }
            let given = self.block(side(taken)?)?;
            for ((data, var), array) in results.iter_mut().zip(&inst.results).zip(given) {
                data.extend(array.filled(self.dims(*var)).data);
            }
            self.values.clone_from(&outside);
        }
        self.rows = around;
        let stack = |(data, var): (Vec<_>, &Var)| Array { dims: self.dims(*var), data };
        Ok(results.into_iter().zip(&inst.results).map(stack).collect())
    }
}
