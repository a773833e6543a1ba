//! What a function gives: numbers of some shape, or such numbers unless it fails.
//!
//! A total function has a [`Shape`] as its outcome and its call gives plain numbers. A program that
//! can fail at run time (`error`, `assert`, a domain error) has the outcome [`Try<S>`](Try), and its
//! call gives a `Result`. Transforms carry the difference along: the gradient of a program that can
//! fail is a `Result` too.

use crate::shape::{Of, R, Shape};
use scheme_core::diag::Code;
use std::{borrow::Cow, fmt, marker::PhantomData};

/// The outcome of a function that can fail: numbers of shape `S` in a `Result`.
#[derive(Clone, Copy, Debug)]
pub struct Try<S: Shape>(PhantomData<S>);

/// What a call gives: `Of<S, T>` for an outcome `S`, `Result<Of<S, T>, Failure>` for `Try<S>`.
pub type Gives<O, T> = Wrapped<O, Of<<O as Outcome>::Shape, T>>;

/// A value, in a `Result` if the outcome is one.
pub type Wrapped<O, V> = <<O as Outcome>::Kind as Kind>::Of<V>;

/// A shape, or [`Try`] of one.
pub trait Outcome: Copy + 'static {
    /// The shape of the numbers.
    type Shape: Shape;
    /// Whether it can fail.
    type Kind: Kind;
    /// Numbers of shape `S` instead, failing likewise.
    type With<S: Shape>: Outcome<Shape = S, Kind = Self::Kind>;
}

impl<S: Shape> Outcome for S {
    type Shape = S;
    type Kind = Total;
    type With<Q: Shape> = Q;
}

impl<S: Shape> Outcome for Try<S> {
    type Shape = S;
    type Kind = Fallible;
    type With<Q: Shape> = Try<Q>;
}

/// Whether a function can fail.
pub trait Kind: Copy + 'static {
    /// A result of the function that is a `V`.
    type Of<V>;

    /// What follows on success.
    fn map<U, V>(result: Self::Of<U>, f: impl FnOnce(U) -> V) -> Self::Of<V>;

    /// `n` results, unless one of them is a failure.
    fn collect<V>(n: usize, f: impl FnMut(usize) -> Self::Of<V>) -> Self::Of<Vec<V>>;

    /// As a `Result`, whatever it is.
    fn result<V>(result: Self::Of<V>) -> Result<V, Failure>;
}

/// It cannot.
#[derive(Clone, Copy, Debug)]
pub struct Total;

/// It can.
#[derive(Clone, Copy, Debug)]
pub struct Fallible;

impl Kind for Total {
    type Of<V> = V;

    #[inline(always)]
    fn map<U, V>(result: U, f: impl FnOnce(U) -> V) -> V {
        f(result)
    }

    fn collect<V>(n: usize, f: impl FnMut(usize) -> V) -> Vec<V> {
        (0..n).map(f).collect()
    }

    #[inline(always)]
    fn result<V>(result: V) -> Result<V, Failure> {
        Ok(result)
    }
}

impl Kind for Fallible {
    type Of<V> = Result<V, Failure>;

    #[inline(always)]
    fn map<U, V>(result: Result<U, Failure>, f: impl FnOnce(U) -> V) -> Result<V, Failure> {
        match result {
            Ok(value) => Ok(f(value)),
            Err(failure) => Err(failure),
        }
    }

    fn collect<V>(n: usize, f: impl FnMut(usize) -> Result<V, Failure>) -> Result<Vec<V>, Failure> {
        (0..n).map(f).collect()
    }

    #[inline(always)]
    fn result<V>(result: Result<V, Failure>) -> Result<V, Failure> {
        result
    }
}

/// The outcome of a function that gives one number, which is what a gradient is of.
#[diagnostic::on_unimplemented(
    message = "the gradient is of a function that gives one number, and this one gives `{Self}`",
    label = "gives `{Self}`, not one number",
    note = "take `jacobian` of it, or choose one input of the inner derivative: `grad(f).wrt(|v| v.x)`"
)]
pub trait OneNumber: Outcome<Shape = R> {}

impl OneNumber for R {}
impl OneNumber for Try<R> {}

/// Why a compiled program stopped without a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The stable code.
    pub code: Code,
    /// What happened, in plain words; of `error` its message and its irritants.
    pub message: Cow<'static, str>,
    /// How to mend it, where that is known.
    pub hint: Option<Cow<'static, str>>,
    /// The line of the program, from 1.
    pub line: u32,
    /// The column of the program, from 1.
    pub column: u32,
}

impl Failure {
    /// A failure without a hint.
    pub const fn new(code: Code, message: &'static str, line: u32, column: u32) -> Self {
        Self { code, message: Cow::Borrowed(message), hint: None, line, column }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        // Lines count from 1: what has none has no place.
        if self.line > 0 {
            write!(f, " at {}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, " (hint: {hint})"))
    }
}

impl std::error::Error for Failure {}
