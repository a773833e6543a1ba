//! What a compiled function is.
//!
//! [`Function`] is the trait that programs and transforms share and that users write generic code
//! over. [`Program`] adds what is known of a program alone: its text, its graph, its inputs' names,
//! its warnings. Both are implemented for what `scheme!` emits through the hidden trait
//! [`Compiled`](crate::__private::Compiled).
//!
//! A function captures no number of the type it is called on, so that nested derivatives cannot
//! confuse their perturbations: each level wraps the type in its own [`Dual`].

use crate::{
    choice::Choice,
    derived::{contracted, split},
    describe::{About, Description, Regime},
    outcome::{Gives, Outcome, Wrapped},
    params::Param,
    shape::{Of, Shape},
};
use scheme_core::{diag::Code, real::Real};
use std::fmt::{self, Debug};

/// How a function goes over rows.
#[doc(hidden)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OverRows {
    /// Each lane has a row, whichever way it goes.
    Lanes,
    /// Lanes have rows while they go the same way.
    InStep,
    /// Along the paths that rows take.
    ByPaths,
}

/// A compiled function: a program of `scheme!`, or a transform of one.
///
/// Functions are `Copy` and usually of no size; a call of straight code allocates nothing, but for
/// operations on whole matrices.
///
/// Generic code names the shapes it needs:
/// ```
/// use scheme_runtime::{Function, R, grad};
///
/// fn newton<F: Function<In = R, Out = R>>(f: F, x: f64) -> f64 {
///     x - f.call(x) / grad(f).call(x)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a compiled function",
    label = "not a compiled function",
    note = "functions come from `scheme! {{ … }}` and from `grad`, `value_and_grad`, `jvp`, `vjp`, `jacobian` and `hessian` of one",
    note = "a program whose value is known to be no number has no derivative and no rows: `.call` gives a `bool` or an `Answer`; an array has both unless the program needs the machine, of which `.describe().why` says what for"
)]
pub trait Function: Copy + Debug {
    /// The shape of the inputs: one scalar is `R`, several are `[R; N]`, none are `[R; 0]`; with arrays
    /// among them, a tuple.
    type In: Shape;
    /// The shape of the result, or `Try` of it.
    type Out: Outcome;
    /// The inputs by name, as fields.
    type Names: Copy;

    /// How it goes over rows.
    #[doc(hidden)]
    const OVER_ROWS: OverRows = OverRows::Lanes;

    /// Whether all of its code, and that of its derivatives of every order, is part of what calls it, so that over rows each
    /// operation is an instruction on registers.
    #[doc(hidden)]
    const JOINED: bool = false;

    /// The inputs by name.
    fn names(&self) -> Self::Names;

    /// The value at `x`, for any real `T`: `f64`, `f32`, lanes, dual numbers, your own through
    /// [`Foreign`](crate::Foreign).
    fn call<T: Real>(&self, x: Of<Self::In, T>) -> Gives<Self::Out, T>;

    /// The value and its derivative by the chosen inputs: in the place of every number of the value,
    /// the partial derivatives in the shape of the choice.
    ///
    /// The transforms stand on this. Programs have it from their adjoint; the rest carries all chosen
    /// directions forward at once.
    #[inline(always)]
    fn differentiate<T: Real, C: Choice<Self::In>>(
        &self,
        x: Of<Self::In, T>,
        wrt: C,
    ) -> Wrapped<Self::Out, Differential<Self::Out, C::Shape, T>> {
        split::<Self::Out, C::Shape, T>(self.call(wrt.seed(&x)))
    }

    /// The value and the cotangent of the chosen inputs, from that of the value: its derivative by them, each number's
    /// weighted by its cotangent and added up.
    ///
    /// A cotangent of 0 is a number as any other, whose product with an infinite partial derivative is nan. Programs
    /// have this from their adjoint in one sweep, which costs a small multiple of the value, those on the machine from their tape;
    /// gradients from the Hessian times the cotangent, which is the same wherever there are second derivatives. The rest
    /// contracts [`differentiate`](Self::differentiate).
    #[inline(always)]
    fn pull<T: Real, C: Choice<Self::In>>(
        &self,
        x: Of<Self::In, T>,
        cotangents: Of<<Self::Out as Outcome>::Shape, T>,
        wrt: C,
    ) -> Wrapped<Self::Out, Pulled<Self::Out, C::Shape, T>> {
        contracted::<Self::Out, C::Shape, T>(self.differentiate(x, wrt), &cotangents)
    }
}

/// A value of outcome `O` and, in the place of its every number, partial derivatives of shape `S`.
pub type Differential<O, S, T> =
    (Of<<O as Outcome>::Shape, T>, Of<<<O as Outcome>::Shape as Shape>::With<S>, T>);

/// A value of outcome `O` and the cotangent of inputs of shape `S`.
pub type Pulled<O, S, T> = (Of<<O as Outcome>::Shape, T>, Of<S, T>);

/// A number and its gradient of shape `S`, in a `Result` if the outcome `O` is one.
pub type WithGradient<O, S, T> = Wrapped<O, (T, Of<S, T>)>;

/// A program of `scheme!`, with what is known of it.
///
/// Its `Debug` form is its source.
pub trait Program: Copy + Debug {
    /// What the macro stated of it.
    #[doc(hidden)]
    fn about(&self) -> &'static About;

    /// How it runs and why so, what it takes and gives.
    ///
    /// ```
    /// use scheme_runtime::{Regime, prelude::*};
    ///
    /// let f = scheme! { (apply + x (iota n)) };
    /// assert_eq!(f.describe().regime, Regime::Machine);
    /// println!("{}", f.describe());
    /// ```
    fn describe(&self) -> Description {
        Description::new(self.about(), self.params())
    }

    /// Its parameters with their values.
    fn params(&self) -> Vec<Param> {
        self.about().params.to_vec()
    }

    /// The program's text.
    fn source(&self) -> &'static str {
        self.about().source
    }

    /// The program's code: its graph in A-normal form, which reads back, or its blocks.
    fn graph_text(&self) -> &'static str {
        self.about().code
    }

    /// The inputs' names as the program spells them, in order.
    fn input_names(&self) -> &'static [&'static str] {
        self.about().input_names
    }

    /// What the compiler warned of.
    fn warnings(&self) -> &'static [Warning] {
        self.about().warnings
    }
}

/// Something that the compiler noticed and accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Warning {
    /// The stable code.
    pub code: Code,
    /// What was noticed, in plain words.
    pub message: &'static str,
    /// The line of the program, from 1.
    pub line: u32,
    /// The column of the program, from 1.
    pub column: u32,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}:{}: {}", self.code.as_str(), self.line, self.column, self.message)
    }
}

/// What `scheme!` emits for every program.
pub trait Emitted: Copy + Debug {
    /// What is known of it.
    const ABOUT: About;
}

/// What `scheme!` emits for a program that gives numbers; all else follows from it.
///
/// The inputs of a program with parameters are a pair: its inputs, and its parameters likewise.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a compiled function",
    label = "not a compiled function",
    note = "functions come from `scheme! {{ … }}` and from `grad`, `value_and_grad`, `jvp`, `vjp`, `jacobian` and `hessian` of one",
    note = "a program whose value is known to be no number has no derivative and no rows: `.call` gives a `bool` or an `Answer`; an array has both unless the program needs the machine, of which `.describe().why` says what for"
)]
pub trait Compiled: Emitted {
    /// The shape of the inputs.
    type In: Shape;
    /// The shape of the result, or `Try` of it for a program that can fail.
    type Out: Outcome;
    /// The inputs by name.
    type Names: Copy;

    /// Whether all its code, and that of its derivatives, is part of what calls it.
    const PART_OF_CALLER: bool = false;

    /// The inputs by name.
    fn inputs(&self) -> Self::Names;

    /// The value.
    fn value<T: Real>(&self, x: Of<Self::In, T>) -> Gives<Self::Out, T>;

    /// The value, to the same bits, and its derivative by the chosen inputs: for one number in one sweep of
    /// the adjoint, otherwise in as many directions forward as are chosen.
    #[inline(always)]
    fn derivative<T: Real, C: Choice<Self::In>>(
        &self,
        x: Of<Self::In, T>,
        wrt: C,
    ) -> Wrapped<Self::Out, Differential<Self::Out, C::Shape, T>> {
        split::<Self::Out, C::Shape, T>(self.value(wrt.seed(&x)))
    }

    /// The value, to the same bits, and the cotangent of the chosen inputs from that of the value: for several numbers
    /// in one sweep of the adjoint.
    #[inline(always)]
    fn pull<T: Real, C: Choice<Self::In>>(
        &self,
        x: Of<Self::In, T>,
        cotangents: Of<<Self::Out as Outcome>::Shape, T>,
        wrt: C,
    ) -> Wrapped<Self::Out, Pulled<Self::Out, C::Shape, T>> {
        contracted::<Self::Out, C::Shape, T>(self.derivative(x, wrt), &cotangents)
    }
}

impl<P: Compiled> Function for P {
    type In = P::In;
    type Out = P::Out;
    type Names = P::Names;
    const OVER_ROWS: OverRows = match P::ABOUT.regime {
        Regime::Straight => OverRows::Lanes,
        Regime::Control => OverRows::InStep,
        Regime::Machine => OverRows::ByPaths,
    };
    const JOINED: bool = P::PART_OF_CALLER;

    #[inline(always)]
    fn names(&self) -> P::Names {
        self.inputs()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<P::In, T>) -> Gives<P::Out, T> {
        self.value(x)
    }

    #[inline(always)]
    fn differentiate<T: Real, C: Choice<P::In>>(
        &self,
        x: Of<P::In, T>,
        wrt: C,
    ) -> Wrapped<P::Out, Differential<P::Out, C::Shape, T>> {
        self.derivative(x, wrt)
    }

    #[inline(always)]
    fn pull<T: Real, C: Choice<P::In>>(
        &self,
        x: Of<P::In, T>,
        cotangents: Of<<P::Out as Outcome>::Shape, T>,
        wrt: C,
    ) -> Wrapped<P::Out, Pulled<P::Out, C::Shape, T>> {
        Compiled::pull(self, x, cotangents, wrt)
    }
}

impl<P: Emitted> Program for P {
    fn about(&self) -> &'static About {
        const { &P::ABOUT }
    }
}
