//! The language and its graphs.
//!
//! Text or tokens become a [`datum`], the datum a resolved kernel program, the program a typed
//! A-normal-form graph ([`anf`]) that transforms differentiate and simplify.
//!
//! This crate knows no tensor library, no proc-macro tokens and no I/O.
#![forbid(unsafe_code)]

pub mod anf;
pub mod c;
pub mod datum;
pub mod diag;
pub mod excerpt;
pub mod gives;
pub mod kernel;
pub mod lower;
pub mod machine;
pub mod math;
pub mod prim;
pub mod reader;
pub mod real;
#[cfg(any(test, feature = "reference"))]
pub mod reference;
pub mod span;
pub mod trace;
pub mod transform;
pub mod warnings;
