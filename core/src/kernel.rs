//! Kernel forms: what every program is after desugaring and scope resolution.
//!
//! Ten forms. Names are resolved: each binding is a [`Local`] of its own, `define` and `letrec`
//! have become [`Let`](ExprKind::Let) and [`Fix`](ExprKind::Fix) (lambdas only), every derived form
//! is gone. Spans stay. A program nests at most [`MAX_DEPTH`] deep, so that stages may recurse.
//!
//! Nothing is typed or evaluated here, no constant is folded, and nothing unused is removed.

mod body;
mod chain;
mod clauses;
mod declare;
mod desugar;
mod elsewhere;
mod fixing;
mod forms;
mod habit;
mod infix;
mod known;
mod loops;
mod node;
mod params;
mod prelude;
mod print;
mod quasi;
mod reached;
mod reserved;
pub(crate) mod scc;
mod scope;
mod several;
mod soft;
mod state;
mod statement;
mod suggest;
mod walk;

pub use desugar::{Options, desugar, desugar_text, desugar_with};
pub(crate) use infix::{infix_name, marked};
pub use prelude::{call_it_or_first, calls_first};
pub use suggest::nearest_known;
pub(crate) use suggest::{misspelt, misspelt_known};
pub use walk::free_locals;

use crate::{datum::Datum, prim::Prim, span::Span};
use std::{fmt, rc::Rc};

/// How deep expressions nest in a program at most; a little more than the reader lets data nest. It
/// leaves a recursive stage 4 KiB a level of a thread with a 2 MiB stack.
pub const MAX_DEPTH: usize = 512;

/// A binding's identity: an index into [`Program::locals`]. No two bindings share one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Local(pub u32);

/// What is known of a binding.
#[derive(Clone, Debug)]
pub struct LocalInfo {
    /// The name it was written with; not unique.
    pub name: Rc<str>,
    /// Where it was bound, or first used, if it is an input.
    pub span: Span,
    /// Whether the prelude binds it, and not the text.
    pub prelude: bool,
}

/// A whole program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Every binding of the program, by [`Local`].
    pub locals: Vec<LocalInfo>,
    /// The inputs, in the order that callers give them.
    pub inputs: Vec<Local>,
    /// The bindings of spliced host expressions: `captures[n]` is `Kind::Splice(n)`.
    pub captures: Vec<Local>,
    /// The learnable constants, `(param name init lo hi)`, in order of declaration; none is an input.
    pub params: Vec<Param>,
    /// What is declared of inputs and parameters by `(: name type)`.
    pub declared: Vec<(Local, Declared)>,
    /// The bindings of the text that hide others, in the order of their places.
    pub shadows: Vec<Shadow>,
    /// The value of the program.
    pub body: Expr,
}

/// A binding of the text that hides another of its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shadow {
    /// The binding.
    pub inner: Local,
    /// What it hides: a binding of the text, or a name of the language.
    pub outer: Option<Local>,
}

/// A learnable constant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Param {
    /// Its binding, which nothing in the body binds.
    pub local: Local,
    /// Its value unless another is given.
    pub init: f64,
    /// The least value that a fit may give it.
    pub lo: Option<f64>,
    /// The greatest value that a fit may give it.
    pub hi: Option<f64>,
}

/// A declared type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Declared {
    /// `real`.
    Real,
    /// `bool`.
    Bool,
    /// `(vec n)`: a numeric vector.
    Vector(u32),
    /// `(mat r c)`: a matrix of `r` rows and `c` columns.
    Matrix(u32, u32),
    /// `(-> argument … result)`: a procedure.
    Procedure(Vec<Declared>),
}

/// An expression with the place it came from.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it came from.
    pub span: Span,
}

/// The ten forms.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant: a self-evaluating datum or the text of a `quote`.
    Quote(Datum),
    /// The unspecified value.
    Unspecified,
    /// A reference to a binding.
    Local(Local),
    /// A primitive procedure, by the name of its row in the table.
    Prim(Prim),
    /// `(if test then else)`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A procedure.
    Lambda(Lambda),
    /// Bindings evaluated in order. Each value may refer to the bindings before it: names are unique,
    /// so `let` and `let*` are one form and a thousand definitions do not nest.
    Let(Vec<(Local, Expr)>, Box<Expr>),
    /// Mutually recursive procedures.
    Fix(Vec<(Local, Lambda)>, Box<Expr>),
    /// Expressions in sequence; the last gives the value. At least two.
    Begin(Vec<Expr>),
    /// A call.
    Call(Box<Expr>, Vec<Expr>),
}

/// A procedure: fixed parameters, perhaps a rest parameter, a body.
#[derive(Clone, Debug)]
pub struct Lambda {
    /// What messages call it: the name it was defined under.
    pub name: Option<Rc<str>>,
    /// The fixed parameters.
    pub params: Vec<Local>,
    /// The rest parameter, bound to a list.
    pub rest: Option<Local>,
    /// The body.
    pub body: Box<Expr>,
}

impl fmt::Display for Declared {
    /// As it is written in a program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => f.write_str("real"),
            Self::Bool => f.write_str("bool"),
            Self::Vector(n) => write!(f, "(vec {n})"),
            Self::Matrix(rows, columns) => write!(f, "(mat {rows} {columns})"),
            Self::Procedure(types) => {
                f.write_str("(->")?;
                types.iter().try_for_each(|part| write!(f, " {part}"))?;
                f.write_str(")")
            }
        }
    }
}
