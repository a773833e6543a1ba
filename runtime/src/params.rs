//! Parameters: the learnable constants of a program, `(param name init lo hi)`.
//!
//! A program with parameters is compiled as a function of its inputs and its parameters, [`open`]. What
//! `scheme!` gives is that function with values for the parameters, [`Parametric`]: a function of the
//! inputs alone, whose parameters are read and set by name.

use crate::{
    choice::Choice,
    describe::{About, Description},
    function::{Compiled, Differential, Emitted, Function, OverRows, Program, Pulled},
    outcome::{Gives, Outcome, Wrapped},
    shape::{Of, Shape},
};
use scheme_core::{reader::number_text, real::Real};
use std::{
    fmt::{self, Debug},
    marker::PhantomData,
};

/// A learnable constant of a program.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// The least value that a fit may give it.
    pub lo: Option<f64>,
    /// The greatest value that a fit may give it.
    pub hi: Option<f64>,
}

impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, number_text(self.value))?;
        match (self.lo, self.hi) {
            (None, None) => Ok(()),
            (lo, hi) => {
                let text = |bound: Option<f64>, none| bound.map_or(none, number_text);
                write!(f, " in {} to {}", text(lo, "-inf.0".into()), text(hi, "+inf.0".into()))
            }
        }
    }
}

impl Param {
    /// Whether a value is within the bounds; nan never is.
    pub fn takes(&self, value: f64) -> bool {
        !value.is_nan() && self.lo.is_none_or(|lo| value >= lo) && self.hi.is_none_or(|hi| value <= hi)
    }
}

/// Why a parameter was not set.
#[derive(Clone, PartialEq, Debug)]
pub enum ParamError {
    /// The program has no parameter of the name.
    Missing {
        /// The name.
        name: String,
        /// The names that it has.
        names: Vec<&'static str>,
    },
    /// The value is not within the bounds, or no number.
    Outside {
        /// The parameter, with the value that it keeps.
        param: Param,
        /// The value that it was to have.
        value: f64,
    },
}

impl fmt::Display for ParamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name, names } => {
                write!(f, "the program has no parameter `{name}`")?;
                if names.is_empty() {
                    return f.write_str(" and no other");
                }
                write!(f, "; its parameters are: {}", names.join(", "))
            }
            Self::Outside { param, value } => {
                write!(f, "{} is no value for the parameter {param}", number_text(*value))
            }
        }
    }
}

impl std::error::Error for ParamError {}

/// A program with values for its parameters: a function of its inputs.
pub struct Parametric<F, X: Shape, P: Shape> {
    open: F,
    values: Of<P, f64>,
    inputs: PhantomData<X>,
}

impl<F: Copy, X: Shape, P: Shape> Clone for Parametric<F, X, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Copy, X: Shape, P: Shape> Copy for Parametric<F, X, P> {}

impl<F: Debug, X: Shape, P: Shape> Debug for Parametric<F, X, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.open.fmt(f)
    }
}

impl<F: Emitted + Default, X: Shape, P: Shape> Default for Parametric<F, X, P> {
    fn default() -> Self {
        Self::new(F::default())
    }
}

impl<F: Emitted, X: Shape, P: Shape> Parametric<F, X, P> {
    /// The program with the values that its parameters start from.
    #[doc(hidden)]
    pub fn new(open: F) -> Self {
        let mut values = P::fill(0.0);
        for (i, param) in F::ABOUT.params.iter().enumerate() {
            if let Some(value) = P::get_mut(&mut values, i) {
                *value = param.value;
            }
        }
        Self { open, values, inputs: PhantomData }
    }

    /// Another form of the program, with the same parameters.
    pub(crate) fn map(self, f: impl FnOnce(F) -> F) -> Self {
        Self { open: f(self.open), ..self }
    }

    /// The values of the parameters, in order of declaration, as [`open`] takes them.
    pub fn values(&self) -> Of<P, f64> {
        self.values
    }

    /// The same with other values, which are not held against the bounds.
    #[must_use]
    pub fn with_values(mut self, values: Of<P, f64>) -> Self {
        self.values = values;
        self
    }

    /// The same with another value for the parameter `name`, within its bounds. An optimiser that is to step out
    /// of them takes [`with_values`](Self::with_values).
    ///
    /// ```
    /// use scheme_runtime::prelude::*;
    ///
    /// let decay = scheme! { (* (param a 2.0) (exp (- (* (param rate 0.5 0 10) t)))) };
    /// assert_eq!(decay.set("a", 3.0)?.call(0.0), 3.0);
    /// let error = decay.set("rate", 11.0).unwrap_err();
    /// assert_eq!(error.to_string(), "11 is no value for the parameter rate = 0.5 in 0 to 10");
    /// # Ok::<(), ParamError>(())
    /// ```
    ///
    /// # Errors
    /// There is no such parameter, or it does not take the value.
    pub fn set(mut self, name: &str, value: f64) -> Result<Self, ParamError> {
        let params = F::ABOUT.params;
        let found = params.iter().enumerate().find(|(_, param)| param.name == name);
        let place = found.and_then(|(i, param)| Some((param, P::get_mut(&mut self.values, i)?)));
        match place {
            Some((param, place)) if param.takes(value) => {
                *place = value;
                Ok(self)
            }
            Some((param, place)) => {
                Err(ParamError::Outside { param: Param { value: *place, ..*param }, value })
            }
            None => {
                let names = params.iter().map(|param| param.name).collect();
                Err(ParamError::Missing { name: name.to_string(), names })
            }
        }
    }
}

/// A program as a function of its inputs and its parameters, a pair, so that it is differentiated by either.
///
/// ```
/// use scheme_runtime::{open, prelude::*};
///
/// let decay = scheme! { (* (param a 2.0) (exp (- (* (param rate 0.5) t)))) };
/// let by = value_and_grad(open(decay)).wrt(|(_, p)| [p.a, p.rate]);
/// assert_eq!(by.call((0.0, decay.values())), (2.0, [1.0, 0.0]));
/// ```
#[inline(always)]
pub fn open<F: Copy, X: Shape, P: Shape>(f: Parametric<F, X, P>) -> F {
    f.open
}

/// A choice among the inputs, where the parameters come after them.
#[derive(Clone, Copy, Debug)]
struct OfInputs<C>(C);

impl<X: Shape, P: Shape, C: Choice<X>> Choice<(X, P)> for OfInputs<C> {
    type Shape = C::Shape;

    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        self.0.index(k)
    }

    #[inline(always)]
    fn pick<T: Real>(&self, x: &(Of<X, T>, Of<P, T>)) -> Of<C::Shape, T> {
        self.0.pick(&x.0)
    }
}

/// Numbers as reals of another type.
pub(crate) struct Literal;

impl<T: Real> crate::shape::Map<f64, T> for Literal {
    #[inline(always)]
    fn at(&mut self, x: f64) -> T {
        T::lit(x)
    }
}

impl<X, P, N, M, F> Function for Parametric<F, X, P>
where
    X: Shape,
    P: Shape,
    N: Copy,
    M: Copy,
    F: Compiled<In = (X, P), Names = (N, M)>,
{
    type In = X;
    type Out = F::Out;
    type Names = N;
    const OVER_ROWS: OverRows = <F as Function>::OVER_ROWS;

    #[inline(always)]
    fn names(&self) -> N {
        self.open.inputs().0
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<X, T>) -> Gives<F::Out, T> {
        self.open.value((x, P::map(&self.values, T::lit(0.0), &mut Literal)))
    }

    #[inline(always)]
    fn differentiate<T: Real, C: Choice<X>>(
        &self,
        x: Of<X, T>,
        wrt: C,
    ) -> Wrapped<F::Out, Differential<F::Out, C::Shape, T>> {
        self.open.derivative((x, P::map(&self.values, T::lit(0.0), &mut Literal)), OfInputs(wrt))
    }

    #[inline(always)]
    fn pull<T: Real, C: Choice<X>>(
        &self,
        x: Of<X, T>,
        cotangents: Of<<F::Out as Outcome>::Shape, T>,
        wrt: C,
    ) -> Wrapped<F::Out, Pulled<F::Out, C::Shape, T>> {
        let x = (x, P::map(&self.values, T::lit(0.0), &mut Literal));
        Compiled::pull(&self.open, x, cotangents, OfInputs(wrt))
    }
}

impl<F: Emitted, X: Shape, P: Shape> Program for Parametric<F, X, P> {
    fn about(&self) -> &'static About {
        const { &F::ABOUT }
    }

    fn params(&self) -> Vec<Param> {
        let values = (0..).map_while(|i| P::get(&self.values, i).copied());
        F::ABOUT.params.iter().zip(values).map(|(param, value)| Param { value, ..*param }).collect()
    }

    fn describe(&self) -> Description {
        Description::new(&F::ABOUT, self.params())
    }
}
