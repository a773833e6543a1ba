//! Transforms: graph in, graph out, each closed under the others.
//!
//! ```text
//! jvp       : (a -> b) -> (a, T a) -> (b, T b)
//! linearize : (a -> b) -> a -> (b, T a -o T b)        jvp, then partial evaluation
//! transpose : (c, a -o b) -> (c, CT b -o CT a)
//! vjp       : (a -> b) -> (a, CT b) -> (b, CT a)      linearize, then transpose
//! vmap      : (a -> b) -> [a] -> [b]
//!
//! of modules, with calls, loops and recursion:
//! jvp_module : (a -> b) -> (a, T a) -> (b, T b)
//! reverse    : (a -> real) -> a -> (real, CT a)
//! vjp_module : (a -> b) -> (a, CT b) -> (b, CT a)
//! gradient   : (a -> real) -> a -> (real, CT a)       forward or reverse
//! ```
//!
//! Only [`jvp`] differentiates, and only by the table's partial derivatives; reverse mode is derived
//! from it. `grad`, `jacobian` and the like are compositions. A choice stays a lazy choice through
//! every transform: no number of the side not taken enters a value or a derivative.
//!
//! A transform takes a graph that [verifies](crate::anf::verify) and gives one that does, without
//! dead code and with variables numbered anew; in debug builds this is checked.

mod by_rows;
mod derived;
mod forward;
mod gradient;
mod jvp;
mod linearize;
mod moving;
mod optimize;
mod prune;
mod reverse;
mod shape;
mod simplify;
mod sink;
mod split;
mod tame;
mod transpose;
mod uniform;
mod vmap;

pub use derived::{grad, hessian, jacobian, value_and_grad, vjp, vjp_by};
pub(crate) use forward::jvp_in;
pub use forward::jvp_module;
pub use gradient::{Gradient, forward_gradient, gradient};
pub use jvp::jvp;
pub(crate) use linearize::linearize_by;
pub use linearize::{Linearized, linearize};
pub use optimize::optimize;
pub use reverse::{Adjoint, AdjointBody, Reverse, reverse, vjp_module};
pub use simplify::{adjoint, simplify};
pub use sink::sink;
pub use transpose::transpose;
pub use uniform::{Uniform, Variables};
pub use vmap::vmap;

use crate::{
    anf::{Atom, Block, Effects, Graph, Inst, Op, Var, verify},
    prim::Scalar,
};
use std::fmt;

/// Why a graph cannot be transformed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// An instruction is not linear in the parameters that are to be transposed.
    NotLinear {
        /// What it binds first.
        at: Option<Var>,
    },
    /// A choice whose condition has axes mixes its rows.
    MixesRows {
        /// What the choice, or the instruction in it, binds first.
        at: Option<Var>,
    },
    /// An array would have more than [`MAX_RANK`](crate::anf::MAX_RANK) axes.
    Rank {
        /// The array, before.
        at: Atom,
    },
    /// A parameter is missing or of the wrong type.
    Parameter {
        /// Which one, from 0.
        index: usize,
        /// What it should be.
        expected: &'static str,
    },
    /// The results are of the wrong number or type.
    Results {
        /// What they should be.
        expected: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |f: &mut fmt::Formatter<'_>, at: &Option<Var>| match at {
            Some(at) => write!(f, " at {at}"),
            None => Ok(()),
        };
        match self {
            Self::NotLinear { at } => {
                f.write_str("not linear in what is transposed")?;
                place(f, at)
            }
            Self::MixesRows { at } => {
                f.write_str("a choice by row mixes its rows")?;
                place(f, at)
            }
            Self::Rank { at } => write!(f, "no room for another axis at {at}"),
            Self::Parameter { index, expected } => write!(f, "parameter {index}: expected {expected}"),
            Self::Results { expected } => write!(f, "expected {expected} as result"),
        }
    }
}

impl std::error::Error for Error {}

/// A transform's output, pruned; in debug builds verified if the `input` does.
fn finished(input: &Graph, output: &Graph) -> Graph {
    let output = prune::prune(output, Effects::AnyCall);
    if cfg!(debug_assertions) && verify(input).is_ok() {
        let verdict = verify(&output);
        debug_assert!(verdict.is_ok(), "{verdict:?}\n{output}\nfrom\n{input}");
    }
    output
}

/// [`jvp`] with tangents for the `active` parameters only; the others are constants.
fn jvp_by(graph: &Graph, active: &[bool]) -> Graph {
    finished(graph, &jvp::jvp_by(graph, active, jvp::Calls::All))
}

/// Which parameters are numbers.
fn real_params(graph: &Graph) -> Vec<bool> {
    graph.param_types().iter().map(|ty| ty.scalar == Scalar::Real).collect()
}

/// The items that are marked.
fn chosen<T: Clone>(items: &[T], marks: &[bool]) -> Vec<T> {
    items.iter().zip(marks).filter(|(_, marked)| **marked).map(|(item, _)| item.clone()).collect()
}

/// The variables that blocks use and do not bind, in order of first use.
fn captured(blocks: &[&Block]) -> Vec<Var> {
    free(blocks.iter().map(|block| (&block.insts[..], &block.results[..])))
}

/// The same of blocks as instructions and results.
fn free<'b>(blocks: impl Iterator<Item = (&'b [Inst], &'b [Atom])>) -> Vec<Var> {
    /// What is bound, by variable; what is found counts as bound from then on, so that it is found once.
    #[derive(Default)]
    struct Free {
        bound: Vec<bool>,
        found: Vec<Var>,
    }
    impl Free {
        /// Whether it was not bound before.
        fn bind(&mut self, Var(v): Var) -> bool {
            let v = v as usize;
            if v >= self.bound.len() {
                self.bound.resize(v + 1, false);
            }
            !std::mem::replace(&mut self.bound[v], true)
        }
        fn uses(&mut self, atoms: &[Atom]) {
            for var in atoms.iter().filter_map(|a| a.var()) {
                if self.bind(var) {
                    self.found.push(var);
                }
            }
        }
        fn block(&mut self, insts: &[Inst], results: &[Atom]) {
            for inst in insts {
                self.uses(&inst.args);
                if let Op::If { then, els } = &inst.op {
                    self.block(&then.insts, &then.results);
                    self.block(&els.insts, &els.results);
                }
                inst.results.iter().for_each(|var| _ = self.bind(*var));
            }
            self.uses(results);
        }
    }
    let mut free = Free::default();
    blocks.for_each(|(insts, results)| free.block(insts, results));
    free.found
}
