//! Replay: one point at a time from a trace.
//!
//! A [`Replay`] is the code of a [`Trace`], compiled once, immutable, and shared between
//! threads; each caller brings a [`Scratch`], kept from call to call. It gives values that are the trace's to the bit, and
//! derivatives as the evaluator's tape has them: by the rows' partials, through declared zeros nothing, and nothing to
//! what a derivative does not reach. Which inputs derivatives are taken by is decided when the code is built, and what
//! does not depend on them costs no more than its value.
//!
//! Guards are asked on the way forward. The first that does not hold ends the run: this input takes another path.
//!
//! Operations run in an order of their own (`replay/schedule.rs`), which leaves the order of every sum: values, tangents and
//! gradients are the tape's to the bit. Hessians are forward over reverse, where the tape's are reverse over reverse. How code runs is behind one trait, `Sweeps`: today in loops
//! over runs of operations that do the same. Code without derivatives, as of a gradient that is written out, may have an order
//! that goes along chains (`replay/schedule/deep.rs`), where one operation's result goes to the next in a register
//! (`replay/strand.rs`). Value and first derivatives have loops in double precision; single
//! precision and second derivatives go by the table, operation by operation.
//!
//! ```
//! use scheme_core::{prim::Numeric, trace::{Must, Slot, Trace}};
//! use scheme_runtime::replay::{Broken, Replay, Scratch};
//!
//! // (if (< x 1) (* x x y) 0) at x below 1
//! let mut trace = Trace::new(2);
//! let [x, y] = [0, 1].map(Slot::value);
//! let one = trace.constant(1.0);
//! let test = trace.push(Numeric::Less, &[x, one], 0);
//! trace.guard(test, Must::Be(true), 0);
//! let square = trace.push(Numeric::Mul, &[x, x], 0);
//! let product = trace.push(Numeric::Mul, &[square, y], 0);
//! trace.give(vec![product]);
//!
//! let f = Replay::new(&trace, &[0, 1]);
//! let mut scratch = Scratch::new();
//! assert_eq!(f.value(&[0.5, 2.0], &mut scratch), Ok(&[0.5][..]));
//! assert_eq!(f.value_and_grad(&[0.5, 2.0], 0, &mut scratch), Ok((0.5, &[2.0, 0.25][..])));
//! assert_eq!(f.hessian(&[0.5, 2.0], 0, &mut scratch), Ok(vec![4.0, 1.0, 1.0, 0.0]));
//! assert_eq!(f.value(&[1.5, 2.0], &mut scratch), Err(Broken { guard: 0 }));
//! ```
//!
//! What it leaves out: recording, simplification, and what is done when a guard does not hold.

mod build;
mod calls;
mod code;
mod double;
mod flow;
mod forward;
mod gradient;
mod lines;
mod pair;
mod precision;
mod product;
mod schedule;
mod scratch;
mod second;
mod single;
mod strand;
mod sweep;
mod whole;
mod wide;

pub(crate) use gradient::Gradient;
pub use scratch::Scratch;

use calls::Seeds;
use code::Code;
use precision::{Partials, Precision};
use scheme_core::trace::{Record, Trace};
use std::fmt;

/// A guard does not hold: the trace is not what the program does at this input.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Broken {
    /// The first such guard, by its index in the trace.
    pub guard: usize,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "guard {} of the trace does not hold", self.guard)
    }
}

impl std::error::Error for Broken {}

/// How code runs. Machine code for a trace would be a second one.
trait Sweeps<P> {
    /// Computes `values`, of which the inputs and constants are there, and the partials that derivatives need if they are
    /// wanted.
    fn forward(&self, values: &mut [f64], partials: Option<&mut [Partials]>) -> Result<(), Broken>;

    /// From the cotangents of results those of inputs. `careful`: not all that may be reached is.
    fn backward(&self, values: &[f64], partials: &[Partials], cotangents: &mut [f64], careful: bool);

    /// From the tangents of inputs those of results.
    fn tangents(&self, values: &[f64], partials: &[Partials], tangents: &mut [f64]);
}

impl<P: Precision> Sweeps<P> for Code {
    fn forward(&self, values: &mut [f64], partials: Option<&mut [Partials]>) -> Result<(), Broken> {
        if self.chains {
            forward::forward::<P, true>(self, values, partials)
        } else {
            forward::forward::<P, false>(self, values, partials)
        }
    }

    fn backward(&self, values: &[f64], partials: &[Partials], cotangents: &mut [f64], careful: bool) {
        if careful {
            sweep::backward::<P, true>(self, values, partials, cotangents);
        } else {
            sweep::backward::<P, false>(self, values, partials, cotangents);
        }
    }

    fn tangents(&self, values: &[f64], partials: &[Partials], tangents: &mut [f64]) {
        sweep::tangents::<P>(self, values, partials, tangents);
    }
}

/// A trace as code that gives values and derivatives at points.
///
/// Functions take the inputs of the trace; one that is missing is nan. They fail where a guard does not hold.
#[derive(Clone, Debug)]
pub struct Replay {
    code: Code,
    inputs: usize,
    constants: Vec<f64>,
    results: Vec<u32>,
    wrt: Vec<usize>,
    reached: Vec<bool>,
    chooses: bool,
    single: bool,
}

impl Replay {
    /// The code of a trace, for derivatives by the inputs `wrt`, each once, in that order. The trace is taken as it is:
    /// simplify it before.
    pub fn new(trace: &Trace, wrt: &[usize]) -> Self {
        Self::of(&trace.clone().into(), wrt)
    }

    /// The code of a record, whose products of matrices run as such.
    pub fn of(record: &Record, wrt: &[usize]) -> Self {
        let build::Built { code, results, reached, chooses } = build::build(record, wrt);
        Self {
            code,
            inputs: record.inputs(),
            constants: record.constants().to_vec(),
            results,
            wrt: wrt.to_vec(),
            reached,
            chooses,
            single: false,
        }
    }

    /// The same with every operation rounded as `f32`. A result that no operation gave is not.
    #[must_use]
    pub fn single(self) -> Self {
        Self { single: true, ..self }
    }

    /// How many inputs it takes.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The inputs that derivatives are taken by.
    pub fn wrt(&self) -> &[usize] {
        &self.wrt
    }

    /// How many results it gives.
    pub fn results(&self) -> usize {
        self.results.len()
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.code.bytes()
            + size_of_val(&self.constants[..])
            + size_of_val(&self.results[..])
            + size_of_val(&self.wrt[..])
            + size_of_val(&self.reached[..])
    }

    /// The results.
    ///
    /// # Errors
    /// The first guard that does not hold.
    ///
    /// ```
    /// # use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    /// # use scheme_runtime::replay::{Replay, Scratch};
    /// let mut trace = Trace::new(1);
    /// let y = trace.push(Numeric::Exp, &[Slot::value(0)], 0);
    /// trace.give(vec![y]);
    /// let exp = Replay::new(&trace, &[0]);
    /// assert_eq!(exp.value(&[0.0], &mut Scratch::new()), Ok(&[1.0][..]));
    /// ```
    pub fn value<'s>(&self, x: &[f64], scratch: &'s mut Scratch) -> Result<&'s [f64], Broken> {
        if self.single { self.run::<f32>(x, false, scratch) } else { self.run::<f64>(x, false, scratch) }?;
        Ok(&scratch.results)
    }

    /// A result and its gradient, nan and zeros if there is no such result.
    ///
    /// # Errors
    /// The first guard that does not hold.
    pub fn value_and_grad<'s>(
        &self,
        x: &[f64],
        result: usize,
        scratch: &'s mut Scratch,
    ) -> Result<(f64, &'s [f64]), Broken> {
        let seeds = Seeds::One(result);
        if self.single {
            self.gradient::<f32>(x, seeds, scratch)
        } else {
            self.gradient::<f64>(x, seeds, scratch)
        }?;
        Ok((scratch.results.get(result).copied().unwrap_or(f64::NAN), &scratch.derivatives))
    }

    /// The results, and the gradient of their sum weighted by the cotangents. A result without a cotangent takes no part.
    ///
    /// # Errors
    /// The first guard that does not hold.
    ///
    /// ```
    /// # use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    /// # use scheme_runtime::replay::{Replay, Scratch};
    /// let mut trace = Trace::new(1);
    /// let x = Slot::value(0);
    /// let (y, z) = (trace.push(Numeric::Square, &[x], 0), trace.push(Numeric::Neg, &[x], 0));
    /// trace.give(vec![y, z]);
    /// let f = Replay::new(&trace, &[0]);
    /// assert_eq!(f.vjp(&[3.0], &[1.0, 10.0], &mut Scratch::new()), Ok((&[9.0, -3.0][..], &[-4.0][..])));
    /// ```
    pub fn vjp<'s>(
        &self,
        x: &[f64],
        cotangents: &[f64],
        scratch: &'s mut Scratch,
    ) -> Result<(&'s [f64], &'s [f64]), Broken> {
        let seeds = Seeds::All(cotangents);
        if self.single {
            self.gradient::<f32>(x, seeds, scratch)
        } else {
            self.gradient::<f64>(x, seeds, scratch)
        }?;
        Ok((&scratch.results, &scratch.derivatives))
    }

    /// The results, and their derivatives where the inputs of [`wrt`](Self::wrt) move by `direction`. One without a
    /// direction does not move.
    ///
    /// # Errors
    /// The first guard that does not hold.
    pub fn jvp<'s>(
        &self,
        x: &[f64],
        direction: &[f64],
        scratch: &'s mut Scratch,
    ) -> Result<(&'s [f64], &'s [f64]), Broken> {
        let moves = |k: usize| direction.get(k).copied();
        if self.single {
            self.tangents::<f32>(x, moves, scratch)
        } else {
            self.tangents::<f64>(x, moves, scratch)
        }?;
        Ok((&scratch.results, &scratch.derivatives))
    }

    /// The Jacobian, the gradients of the results one after another.
    ///
    /// # Errors
    /// The first guard that does not hold.
    pub fn jacobian(&self, x: &[f64], scratch: &mut Scratch) -> Result<Vec<f64>, Broken> {
        if self.single { self.gradients::<f32>(x, scratch) } else { self.gradients::<f64>(x, scratch) }
    }

    /// The gradient of a result, and the product of its Hessian with `direction`, which is as of [`jvp`](Self::jvp).
    ///
    /// # Errors
    /// The first guard that does not hold.
    ///
    /// ```
    /// # use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    /// # use scheme_runtime::replay::{Replay, Scratch};
    /// let mut trace = Trace::new(2);
    /// let [x, y] = [0, 1].map(Slot::value);
    /// let square = trace.push(Numeric::Square, &[x], 0);
    /// let z = trace.push(Numeric::Mul, &[square, y], 0);
    /// trace.give(vec![z]);
    /// let f = Replay::new(&trace, &[0, 1]);
    /// let (gradient, product) = (&[12.0, 4.0][..], &[10.0, 4.0][..]);
    /// assert_eq!(f.hvp(&[2.0, 3.0], 0, &[1.0, 1.0], &mut Scratch::new()), Ok((gradient, product)));
    /// ```
    pub fn hvp<'s>(
        &self,
        x: &[f64],
        result: usize,
        direction: &[f64],
        scratch: &'s mut Scratch,
    ) -> Result<(&'s [f64], &'s [f64]), Broken> {
        let moves = |k: usize| direction.get(k).copied();
        if self.single {
            self.moving_gradient::<f32>(x, result, moves, scratch)
        } else {
            self.moving_gradient::<f64>(x, result, moves, scratch)
        }?;
        Ok(scratch.derivatives.split_at(self.wrt.len()))
    }

    /// The Hessian of a result, row by row: as many products as there are inputs to derive by.
    ///
    /// # Errors
    /// The first guard that does not hold.
    pub fn hessian(&self, x: &[f64], result: usize, scratch: &mut Scratch) -> Result<Vec<f64>, Broken> {
        let n = self.wrt.len();
        let mut hessian = Vec::with_capacity(n * n);
        for row in 0..n {
            // Only one input moves, and the others are no 0 that an infinite partial would make nan.
            let moves = |k: usize| (k == row).then_some(1.0);
            if self.single {
                self.moving_gradient::<f32>(x, result, moves, scratch)
            } else {
                self.moving_gradient::<f64>(x, result, moves, scratch)
            }?;
            hessian.extend_from_slice(&scratch.derivatives[n..]);
        }
        Ok(hessian)
    }
}
