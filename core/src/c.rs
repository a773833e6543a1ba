//! Traces and records as C, which is CUDA as well.
//!
//! [`source`] writes kernels, each a [`Record`] over rows, whose values have the bits of [`Record::evaluate`] where the compiler neither contracts products
//! and sums nor reorders (`--fmad=false`, `-ffp-contract=off`). There is no second copy of a formula: rows of the
//! table and elementary functions are generic over numbers, and here they run on numbers that write down what is
//! done with them. By hand are only the functions that loop (`math/c/*.c`), and the operations on whole matrices, which
//! go by comparisons (`c/whole.c`).
//!
//! A kernel is for NVRTC or nvcc a `__global__` function over as many threads as it is started with, for a C compiler a function that
//! takes row after row, by which it is tested without a device.
//!
//! ```
//! use scheme_core::{c::{Precision, source}, prim::Numeric, trace::{Record, Slot}};
//!
//! let mut record = Record::new(1);
//! let y = record.push(Numeric::Exp, &[Slot::value(0)], 0);
//! record.give(vec![y]);
//! let text = source(&[("values", &record)], Precision::Double);
//! assert!(text.contains("sg_exp(v0)") && text.contains("KERNEL void values(ROWS rows"));
//! ```
//!
//! What is left out: which bits a nan has, and calling a kernel.

mod kernel;
mod lane;
mod real;
mod term;
mod whole;

pub use kernel::{SUMS, source};

pub(crate) use term::{Kind, Term, statements};

#[expect(unused_imports, reason = "for the documentation's links")]
use crate::trace::Record;

/// The routines of operations on whole matrices, for numbers of the type `NUMBER`.
pub(crate) const WHOLE: &str = include_str!("c/whole.c");

/// The precision that a kernel computes in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Precision {
    /// That of `f64`.
    Double,
    /// That of `f32`.
    Single,
}

impl Precision {
    /// The name of its numbers in C.
    pub fn name(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Single => "float",
        }
    }
}
