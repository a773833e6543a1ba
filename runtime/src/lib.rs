//! Scientific models as small Scheme programs, in Rust: values, exact derivatives, batches.
//!
//! [`scheme!`] compiles a program when Rust is compiled. Its free names are the inputs, in the order
//! in which they first appear:
//!
//! ```
//! use scheme_runtime::prelude::*;
//!
//! let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
//! let x = [8.99, 1.0, 2.0, 0.5]; // k, q1, q2, r
//!
//! let force = coulomb.call(x);
//! let [dk, dq1, dq2, dr] = grad(coulomb).call(x);
//! assert_eq!((force, dk, dr), (71.92, 8.0, -287.68));
//! ```
//!
//! Transforms take a function and give a function, so that they nest to any order; `wrt` chooses inputs
//! by name, and the derivative has the shape of what it is taken by:
//!
//! ```
//! # use scheme_runtime::prelude::*;
//! # let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
//! # let x = [8.99, 1.0, 2.0, 0.5];
//! let (force, dk) = value_and_grad(coulomb).wrt(|v| v.k).call(x);
//! let [dk, dr] = grad(coulomb).wrt(|v| [v.k, v.r]).call(x);
//! let drdk = grad(grad(coulomb).wrt(|v| v.r)).wrt(|v| v.k).call(x);
//! let h: [[f64; 4]; 4] = hessian(coulomb).call(x);
//! assert_eq!(drdk, h[0][3]);
//!
//! let cube = scheme! { (* x (* x x)) };
//! assert_eq!(grad(grad(grad(cube))).call(2.0), 6.0); // one input: a plain number
//! ```
//!
//! Over rows, numbers stand in every row and slices are columns; every row is to the bit what a single
//! call gives:
//!
//! ```
//! # use scheme_runtime::prelude::*;
//! # let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
//! let (q1, q2, r) = (vec![1.0, 2.0], vec![2.0, 2.0], vec![0.5, 1.5]);
//! let rows = vmap(grad(coulomb)).call((8.99, &q1, &q2, &r))?;
//! assert_eq!(rows[1], grad(coulomb).call([8.99, 2.0, 2.0, 1.5]));
//! # Ok::<(), RowsError>(())
//! ```
//!
//! | | takes | gives |
//! |---|---|---|
//! | [`grad`], [`value_and_grad`] | a function of one result | the gradient, with its value |
//! | [`jvp`] | any function | from `(x, dx)`: value and directional derivative |
//! | [`vjp`] | any function | from `(x, ct)`: value and gradient of the result weighted by `ct` |
//! | [`jacobian`], [`hessian`] | any function; one of one result | nested arrays |
//! | [`vmap`] | any function | the function over rows, in SIMD blocks; sums over rows, populations, threads |
//!
//! One scalar input is a bare number, several are an array, none is `[]`; with arrays among the inputs,
//! a tuple. A function runs on `f64`, `f32`, and in generic code on any [`Real`]; [`Foreign`] brings in
//! the numbers of other crates.
//!
//! A call of straight code allocates nothing, nor do its derivatives, but for `det`, `inv` and their kin; `describe()` says which programs are
//! that. With loops the value allocates nothing, and a derivative in reverse mode keeps a tape of the run on the
//! heap; recursion takes segments of stack there once it is deep. The machine
//! has a heap of its own, which a thread keeps from call to call, and an [`Answer`] with parts is allocated.
//!
//! The language is described in [`language`], and how programs run in [`regimes`]. A program that arrives as a string is run by [`Interpreter`]; on
//! dfdx tensors functions run by `forward` of the module `tensors`.
//!
//! What is deliberately not here: the compiler, which is `scheme-core` and `scheme-macros`. Unsafe code is in the folder `simd`, which runs loops over rows on the widest vector
//! instructions of the machine, in one module that reads tensors where they are, and with the feature `cuda` in one that starts kernels on a device.
#![deny(unsafe_code)]

extern crate self as scheme_runtime;

mod answer;
pub mod blocks;
mod choice;
#[doc(hidden)]
pub mod control;
pub mod cuda;
mod derived;
mod describe;
mod dual;
pub mod evaluator;
mod foreign;
mod function;
#[doc(hidden)]
pub mod general;
#[doc(hidden)]
pub mod heap;
#[doc = include_str!("language.md")]
pub mod language {}
#[doc(hidden)]
pub mod machine;
#[doc = include_str!("regimes.md")]
pub mod regimes {}
#[cfg(feature = "artefact")]
#[doc(hidden)]
pub mod json;
mod outcome;
mod params;
mod paths;
mod predicate;
pub mod replay;
#[doc(hidden)]
pub mod reverse;
mod shape;
mod sides;
mod simd;
mod splice;
mod stack;
#[doc(hidden)]
pub mod tape;
#[cfg(feature = "dfdx")]
pub mod tensors;
mod transform;
#[doc(hidden)]
pub mod value;
mod vmap;

pub use answer::Answer;
pub use choice::{All, Choice, Input};
pub use describe::{Description, Procedure, Reason, Regime};
pub use dual::Dual;
pub use evaluator::{
    CallError, Derivatives, Interpreter, LoadError, NonFinite, Prepared, Replayed, RunTrace, StringParam,
    StringProgram,
};
pub use foreign::Foreign;
pub use function::{Differential, Function, Program, Pulled, Warning, WithGradient};
pub use general::{Answers, Dynamic};
pub use machine::Limits;
pub use outcome::{Failure, Gives, Kind, OneNumber, Outcome, Try, Wrapped};
pub use params::{Param, ParamError, Parametric, open};
pub use predicate::Predicate;
pub use scheme_core::{
    diag::{Code, Diagnostic},
    real::{Mask, Real},
    span::{SourceMap, Span},
};
pub use scheme_macros::{angle, scheme, scheme_file};
pub use shape::{Of, R, Shape};
pub use splice::Splice;
pub use transform::{
    Grad, Hessian, Jacobian, Jvp, ValueAndGrad, Vjp, grad, hessian, jacobian, jvp, value_and_grad, vjp,
};
pub use vmap::{Columns, Element, MemberError, Outputs, Parts, RowsError, Threads, Vmap, vmap};

/// What programs need: `use scheme_runtime::prelude::*;`.
pub mod prelude {
    #[cfg(feature = "dfdx")]
    pub use crate::tensors::Tensors;
    pub use crate::{
        Answer, Answers, Dynamic, Failure, Function, Interpreter, Limits, MemberError, Of, ParamError,
        Predicate, Program, R, RowsError, angle, grad, hessian, jacobian, jvp, scheme, scheme_file,
        value_and_grad, vjp, vmap,
    };
}

/// What emitted code names. Not for users; it changes without notice.
///
/// For `(* k (/ q r))` the macro emits a block with a struct of the inputs' names, a `Copy` type, its `Debug`
/// form and one implementation of `Compiled`; the block's value is the type's value.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        answer::Answer,
        choice::{Choice, Input},
        control::{
            Context, Control, Gradient, Irritant, Pullback, Stop, derivative, grow, pull, room, value,
        },
        derived::differentiate,
        describe::{About, Procedure, Reason, Regime},
        function::{Compiled, Differential, Emitted, OverRows, Warning},
        general::{Answers, Dynamic, General, Known, Pool, Takes},
        machine::Limits,
        outcome::{Failure, Fallible, Total, Try, Wrapped},
        params::{Param, Parametric},
        predicate::Predicate,
        reverse::{Frames, Record, Runs, Tape, with_memory},
        shape::{Of, R},
        sides::{put, sides},
        splice::capture,
    };
    pub use scheme_core::{
        diag::Code,
        prim::Whole,
        real::{Mask, Real},
    };

    /// The explicit machine.
    pub mod machine {
        pub use crate::{
            machine::{Flow, Island, Machine, Module, Procedure, Quoted},
            value::Value,
        };
        pub use scheme_core::{
            prim::{Array, Numeric, Prim, Structural},
            span::Span,
        };
    }
}

/// Statements of a long sequence and what is read after them, as one expression. A closure keeps the frames of a dev build
/// small; only a block has the vector instructions of the function around it.
#[cfg(debug_assertions)]
#[doc(hidden)]
#[macro_export]
macro_rules! __chunk {
    ($($part:tt)*) => { (|| { $($part)* })() };
}

/// Statements of a long sequence and what is read after them, as one expression.
#[cfg(not(debug_assertions))]
#[doc(hidden)]
#[macro_export]
macro_rules! __chunk {
    ($($part:tt)*) => { { $($part)* } };
}
