//! Scheme programs as Rust functions.
//!
#![deny(unsafe_code)]

extern crate self as scheme_runtime;

mod choice;
mod dual;
pub mod evaluator;
mod foreign;
mod function;
pub mod heap;
pub mod machine;
mod outcome;
mod shape;
mod simd;
pub mod tape;
mod transform;
pub mod value;
mod vmap;

pub use choice::{All, Choice, Input};
pub use dual::Dual;
pub use evaluator::{Answer, Interpreter, StringProgram};
pub use foreign::Foreign;
pub use function::{Differential, Function, Program, Warning};
pub use machine::Limits;
pub use outcome::{Failure, Gives, Number, Outcome, Try, Wrapped};
pub use scheme_core::real::{Mask, Real};
pub use shape::{Of, R, Shape};
pub use transform::{
    Grad, Hessian, Jacobian, Jvp, ValueAndGrad, Vjp, grad, hessian, jacobian, jvp, value_and_grad, vjp,
};
pub use vmap::{Columns, Element, Outputs, RowsError, Vmap, vmap};

pub use scheme_macros::{angle, scheme, scheme_file};

/// What most users want in scope.
pub mod prelude {
    pub use crate::{
        Choice, Foreign, Function, Input, Of, Program, R, Real, Shape, angle, grad, hessian, jacobian, jvp,
        scheme, scheme_file, value_and_grad, vjp, vmap,
    };
}

#[doc(hidden)]
pub mod __private {
    pub use crate::{
        choice::Input,
        function::{Compiled, Warning},
        outcome::{Failure, Try},
        shape::R,
    };
    pub use scheme_core::{
        diag::Code,
        real::{Mask, Real},
    };

    /// The explicit machine.
    pub mod machine {
        pub use crate::{
            machine::{Flow, Machine, Module, Procedure, Quoted},
            value::Value,
        };
        pub use scheme_core::{
            prim::{Numeric, Prim, Structural},
            span::Span,
        };
    }

    pub fn capture(x: f64) -> f64 {
        x
    }
}
