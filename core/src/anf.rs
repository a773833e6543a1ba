//! Typed A-normal form: the graph that every transform takes and gives.
//!
//! A [`Graph`] has parameters and a body; a [`Block`] is a list of instructions and its results. An
//! operand is an [`Atom`]: a variable or a literal. Variables are small typed indices, bound once,
//! numbered through all blocks. The one control form is [`Op::If`], whose blocks see the variables
//! around them. `Display` is a stable text that [`Graph::parse`] reads back; [`verify`] lists the
//! invariants.
//!
//! A [`Module`] adds procedures: a graph may call functions of the module, itself included, and the body
//! of a loop is a graph that says whether it goes on. There are no general values here: those live on
//! the machine.

mod build;
mod module;
mod parse;
mod print;
mod table;
mod verify;

pub use build::{Builder, TracedMask, Tracer};
pub use module::{Failure, Function, Kind, Module};
pub use parse::ParseError;
pub use table::{Table, item};
pub use verify::{Violation, verify, verify_module};
pub(crate) use {
    module::{Effects, renumber, unread},
    verify::{Shapes, verify_records},
};

use crate::{
    prim::{Numeric, Scalar, Whole},
    span::Span,
};

/// A variable: an index into [`Graph::vars`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Var(pub u32);

/// A function of a module: an index into [`Module::functions`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FnId(pub u32);

/// The most axes an array has.
pub const MAX_RANK: usize = 4;

/// The sizes of an array's axes; a number has none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dims {
    rank: u8,
    sizes: [u32; MAX_RANK],
}

impl Dims {
    /// No axes.
    pub const SCALAR: Self = Self { rank: 0, sizes: [0; MAX_RANK] };

    /// These axes, outermost first; `None` beyond [`MAX_RANK`].
    pub fn new(axes: &[u32]) -> Option<Self> {
        let mut sizes = [0; MAX_RANK];
        sizes.get_mut(..axes.len())?.copy_from_slice(axes);
        Some(Self { rank: axes.len() as u8, sizes })
    }

    /// The sizes, outermost first.
    pub fn axes(&self) -> &[u32] {
        &self.sizes[..self.rank as usize]
    }

    /// How many numbers an array of these sizes holds.
    pub fn len(&self) -> usize {
        self.axes().iter().map(|n| *n as usize).product()
    }

    /// Whether some axis has size 0.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// With one more axis before `axis`.
    pub fn insert(&self, axis: usize, size: u32) -> Option<Self> {
        let mut axes = self.axes().to_vec();
        if axis > axes.len() {
            return None;
        }
        axes.insert(axis, size);
        Self::new(&axes)
    }

    /// Without `axis`.
    pub fn remove(&self, axis: usize) -> Option<Self> {
        let mut axes = self.axes().to_vec();
        if axis >= axes.len() {
            return None;
        }
        axes.remove(axis);
        Self::new(&axes)
    }
}

/// The type of a variable: numbers or truth values, with the sizes of the axes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Type {
    /// Of each element.
    pub scalar: Scalar,
    /// The axes.
    pub dims: Dims,
}

impl Type {
    /// A number.
    pub const REAL: Self = Self { scalar: Scalar::Real, dims: Dims::SCALAR };
    /// A truth value.
    pub const BOOL: Self = Self { scalar: Scalar::Bool, dims: Dims::SCALAR };
    /// A record of a call. The literal `false` stands for none, where a choice has one on its other side.
    pub const RECORD: Self = Self { scalar: Scalar::Record, dims: Dims::SCALAR };
}

/// An operand: a variable, or a literal, which has whatever axes its neighbours have.
#[derive(Clone, Copy, Debug)]
pub enum Atom {
    /// A variable.
    Var(Var),
    /// A number.
    Real(f64),
    /// A truth value.
    Bool(bool),
}

impl PartialEq for Atom {
    /// Literals are equal if their bits are: `-0.0` is not `0.0`, and nan is itself.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Var(a), Self::Var(b)) => a == b,
            (Self::Real(a), Self::Real(b)) => a.to_bits() == b.to_bits(),
            (Self::Bool(a), Self::Bool(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Atom {}

impl std::hash::Hash for Atom {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Self::Var(v) => (0u8, v.0 as u64).hash(state),
            Self::Real(x) => (1u8, x.to_bits()).hash(state),
            Self::Bool(b) => (2u8, *b as u64).hash(state),
        }
    }
}

impl Atom {
    /// The variable, if it is one.
    pub fn var(self) -> Option<Var> {
        match self {
            Self::Var(v) => Some(v),
            _ => None,
        }
    }

    /// Whether it is the literal `x`, to the bit.
    pub fn is(self, x: f64) -> bool {
        self == Self::Real(x)
    }
}

/// What an instruction does.
#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// A row of the table, element by element; all operands have one shape.
    Row(Numeric),
    /// Copies its operand along a new axis of the given size, put before `axis`.
    Broadcast {
        /// Where the new axis goes.
        axis: u32,
        /// Its size.
        size: u32,
    },
    /// The sum over an axis, in order, from its first element.
    Sum {
        /// The axis that goes.
        axis: u32,
    },
    /// An operation on whole matrices, from the elements of its operands to those of its result, row by row; all of
    /// them are numbers without axes.
    Whole(Whole),
    /// The item of a table of constants at its operand, as [`item`] says; element by element. No derivative goes through it.
    Table(Table),
    /// Lazy choice by its operand: the results of one of two blocks. With a condition that has axes
    /// each of its elements chooses for itself; its axes are a prefix of those of every result.
    If {
        /// The block where the condition holds.
        then: Block,
        /// The block where it does not.
        els: Block,
    },
    /// Calls a function of the module: from its parameters to its results, or to the exits of a loop.
    Call(FnId),
    /// As `Call`, keeping a record of the run on the tape; one result more, the last, is the record.
    Forward(FnId),
    /// From a record and the tangents of the function's parameters that matter to the tangents of its
    /// results that matter. It stands between linearizing and transposing, which makes it a `Reverse`.
    Tangent(FnId),
    /// From a record and the cotangents of the function's results that matter to the cotangents of its
    /// parameters that matter, of some of both with a truth value, whether they are reached; which do is said
    /// beside the function's adjoint.
    Reverse(FnId),
    /// Ends the run with an error; the operands are the irritants. It has no results.
    Fail(Failure),
}

/// One instruction: `results = op args`.
#[derive(Clone, PartialEq, Debug)]
pub struct Inst {
    /// The variables it binds: one, but for choices, calls, operations on matrices and failures.
    pub results: Vec<Var>,
    /// What it does.
    pub op: Op,
    /// Its operands.
    pub args: Vec<Atom>,
}

/// Instructions and the results they lead to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Block {
    /// In order: each sees the variables bound before it and those around the block.
    pub insts: Vec<Inst>,
    /// What the block gives.
    pub results: Vec<Atom>,
}

/// What is known of a variable.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct VarInfo {
    /// Its type.
    pub ty: Type,
    /// The expression it came from, if it came from a program's text.
    pub span: Option<Span>,
}

/// A function as data.
#[derive(Clone, PartialEq, Debug)]
pub struct Graph {
    /// What messages call it.
    pub name: String,
    /// The parameters.
    pub params: Vec<Var>,
    /// The parameters' names, as many.
    pub names: Vec<String>,
    /// The body.
    pub body: Block,
    /// Every variable, by [`Var`].
    pub vars: Vec<VarInfo>,
}

impl Graph {
    /// The type of an atom; a literal's has no axes.
    pub fn ty(&self, atom: Atom) -> Type {
        match atom {
            Atom::Var(v) => self.vars.get(v.0 as usize).map_or(Type::REAL, |info| info.ty),
            Atom::Real(_) => Type::REAL,
            Atom::Bool(_) => Type::BOOL,
        }
    }

    /// The types of the parameters.
    pub fn param_types(&self) -> Vec<Type> {
        self.params.iter().map(|v| self.ty(Atom::Var(*v))).collect()
    }

    /// The types of the results.
    pub fn result_types(&self) -> Vec<Type> {
        self.body.results.iter().map(|a| self.ty(*a)).collect()
    }

    /// How many instructions there are, as [`Block::size`] counts them.
    pub fn size(&self) -> usize {
        self.body.size()
    }

    /// The functions that it calls by value, by call.
    pub fn called_by_value(&self) -> Vec<FnId> {
        self.body.calls(|op| match op {
            Op::Call(id) => Some(*id),
            _ => None,
        })
    }

    /// Those that it calls for their records.
    pub(crate) fn recorded(&self) -> Vec<FnId> {
        self.body.calls(|op| match op {
            Op::Forward(id) => Some(*id),
            _ => None,
        })
    }
}

impl Block {
    /// Does something with every instruction, those of inner blocks included, each before those in it.
    pub fn each<'b>(&'b self, act: &mut impl FnMut(&'b Inst)) {
        for inst in &self.insts {
            act(inst);
            if let Op::If { then, els } = &inst.op {
                then.each(act);
                els.each(act);
            }
        }
    }

    /// The functions of calls of a kind.
    fn calls(&self, of: impl Fn(&Op) -> Option<FnId>) -> Vec<FnId> {
        let mut found = Vec::new();
        self.each(&mut |inst| found.extend(of(&inst.op)));
        found
    }

    /// How many choices are within one another, at most.
    pub fn depth(&self) -> usize {
        let inner = self.insts.iter().map(|inst| match &inst.op {
            Op::If { then, els } => 1 + then.depth().max(els.depth()),
            _ => 0,
        });
        inner.max().unwrap_or(0)
    }

    /// How many instructions there are, those of inner blocks included; one on whole matrices counts as those that its
    /// derivative is written out as.
    pub fn size(&self) -> usize {
        let inner = |inst: &Inst| match &inst.op {
            Op::If { then, els } => 1 + then.size() + els.size(),
            Op::Whole(whole) => whole.written_out().max(1),
            _ => 1,
        };
        self.insts.iter().map(inner).fold(0, usize::saturating_add)
    }
}
