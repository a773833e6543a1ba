//! Scheme programs as Rust functions.
#![forbid(unsafe_code)]

extern crate self as scheme_runtime;

pub mod evaluator;
pub mod heap;
pub mod machine;
pub mod tape;
pub mod value;

pub use evaluator::{Answer, Interpreter, StringProgram};
pub use machine::Limits;

/// What emitted code names. No part of the public face.
#[doc(hidden)]
pub mod __private {
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
}
