//! Scheme programs as Rust functions.
//!
#![deny(unsafe_code)]

mod choice;
mod dual;
mod foreign;
mod function;
mod outcome;
mod shape;
mod simd;
mod transform;
mod vmap;

pub use choice::{All, Choice, Input};
pub use dual::Dual;
pub use foreign::Foreign;
pub use function::{Differential, Function, Program, Warning};
pub use outcome::{Failure, Gives, Number, Outcome, Try, Wrapped};
pub use scheme_core::real::{Mask, Real};
pub use shape::{Of, R, Shape};
pub use transform::{
    Grad, Hessian, Jacobian, Jvp, ValueAndGrad, Vjp, grad, hessian, jacobian, jvp, value_and_grad, vjp,
};
pub use vmap::{vmap, Vmap, Columns, Outputs, Element, RowsError};

#[doc(hidden)]
pub mod __private {
    pub use crate::{choice::Input, function::{Compiled, Warning}, outcome::{Failure, Try}, shape::R};
    pub use scheme_core::{diag::Code, real::{Mask, Real}};
    pub fn capture(x: impl Into<f64>) -> f64 { x.into() }
}
pub use scheme_macros::{angle, scheme, scheme_file};
pub mod prelude { pub use crate::*; }

