//! Inline programs on the explicit machine.
//!
//! `scheme!` emits the blocks of a program that needs general values and a [`General`] that says where
//! they are. A call borrows this thread's machine of the program, which keeps its stack, heap and tape
//! from call to call, and gives it back as it was made. Derivatives are asked for through
//! [`Real::lift`]: the machine computes on `f64` and a tape, and what a number carries beyond its value
//! is the chain rule's.
//!
//! Nothing here panics: what ends a program early is a [`Failure`] with its place in the inline text.

mod ahead;
mod known;

pub(crate) use ahead::{attempt, rows};
pub use known::Known;

use crate::{
    answer::Answer,
    function::{Emitted, Program},
    machine::{Fault, Image, Limits, Machine, Module},
    outcome::Failure,
    params::{Parametric, open},
    shape::{Of, Shape},
    value::{Value, View},
};
use ahead::{Reply, Request};
use scheme_core::{
    diag::Code,
    real::{Ask, Real},
};
use std::{borrow::Cow, cell::Cell, fmt, thread::LocalKey};

/// A thread's machine of a program, while nobody uses it.
pub type Pool = Cell<Option<Box<(Image, Machine)>>>;

/// What a program takes as one input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// A number.
    Number,
    /// A truth value, given as a number that is 0 or not.
    Truth,
    /// A numeric vector of so many elements.
    Vector(usize),
    /// A matrix of so many rows and columns.
    Matrix(usize, usize),
}

impl Takes {
    /// How many numbers that is.
    fn numbers(&self) -> usize {
        match *self {
            Self::Number | Self::Truth => 1,
            Self::Vector(n) => n,
            Self::Matrix(rows, columns) => rows * columns,
        }
    }
}

/// An inline program for the machine, as emitted.
pub struct General {
    /// Its blocks.
    pub module: &'static Module,
    /// Its inputs, then its parameters.
    pub takes: &'static [Takes],
    /// The line and column of each of the module's places.
    pub places: &'static [(u32, u32)],
    /// The line and column of the program.
    pub start: (u32, u32),
    /// Whether some of its procedures are direct code where no limits are set.
    pub direct: bool,
    /// The machines.
    pub pool: &'static LocalKey<Pool>,
    /// What is known of its runs over rows.
    pub known: Known,
}

impl fmt::Debug for General {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.module.fmt(f)
    }
}

impl General {
    /// The program's number at the inputs.
    ///
    /// # Errors
    /// What ends the run early, and a value that is not a number.
    pub fn value<S: Shape, T: Real>(
        &'static self,
        inputs: &Of<S, T>,
        captures: &[f64],
        limits: Option<Limits>,
    ) -> Result<T, Failure> {
        let orders = T::lift(&flat::<S, T>(inputs), 0, &mut |ask| {
            let request = Request { program: self, captures, limits, order: ask.order, single: ask.single };
            match ahead::reply(&request, ask) {
                Reply::Heard => Err(self.failure_at(Code::Trace, "the row is heard")),
                Reply::Partials(orders) => Ok(orders),
                Reply::Run => in_lanes(ask, |x| {
                    self.with_machine(limits, |machine| {
                        machine.set_single(ask.single);
                        self.partials(machine, x, request)
                    })
                }),
            }
        })?;
        Ok(orders.first().and_then(|value| value.first().copied()).unwrap_or(T::lit(f64::NAN)))
    }

    /// The program's value at the inputs, whatever it is.
    ///
    /// # Errors
    /// What ends the run early.
    pub fn answer<S: Shape>(
        &self,
        inputs: &Of<S, f64>,
        captures: &[f64],
        limits: Option<Limits>,
    ) -> Result<Answer, Failure> {
        let inputs = numbers(&flat::<S, f64>(inputs));
        self.with_machine(limits, |machine| {
            let value = self.run(machine, &inputs, &numbers(captures))?;
            Ok(machine.answer(value))
        })
    }

    /// The steps that a run at the inputs takes.
    ///
    /// # Errors
    /// What ends the run early.
    pub fn steps<S: Shape>(
        &self,
        inputs: &Of<S, f64>,
        captures: &[f64],
        limits: Option<Limits>,
    ) -> Result<u64, Failure> {
        let inputs = numbers(&flat::<S, f64>(inputs));
        self.with_machine(limits, |machine| {
            self.run(machine, &inputs, &numbers(captures))?;
            Ok(machine.steps())
        })
    }

    /// The value and all partial derivatives up to `order`.
    fn partials(
        &self,
        machine: &mut Machine,
        inputs: &[f64],
        Request { order, captures, single, limits, .. }: Request<'_>,
    ) -> Result<Vec<Vec<f64>>, Failure> {
        let fail = |fault: Box<Fault>| self.failure(*fault);
        let numbers = machine.inputs(inputs, order).map_err(fail)?;
        let rounded = |x: &f64| Value::num(if single { f64::from(*x as f32) } else { *x });
        let captures: Vec<Value> = captures.iter().map(rounded).collect();
        let value = self.run(machine, &numbers, &captures)?;
        if self.is_direct(limits) {
            self.known.took(machine.steps());
        }
        let View::Num { .. } = value.view() else {
            let message = format!("the program's value is {}, not a number", value.type_name());
            let hint = "a value of any type is what `.answer` gives";
            return Err(Failure { hint: Some(hint.into()), ..self.failure_at(Code::WrongType, message) });
        };
        machine.partials(value, order).map_err(fail)
    }

    /// Whether runs within limits may go through direct code.
    fn is_direct(&self, limits: Option<Limits>) -> bool {
        self.direct && limits.is_none_or(|limits| limits == Limits::NONE)
    }

    /// Runs the program on the numbers of its inputs.
    fn run(&self, machine: &mut Machine, numbers: &[Value], captures: &[Value]) -> Result<Value, Failure> {
        let mut arguments = Vec::with_capacity(self.takes.len() + captures.len());
        let mut left = numbers;
        let mut next = |n: usize| {
            let (these, others) = left.split_at(n.min(left.len()));
            left = others;
            these
        };
        for takes in self.takes {
            let value = match *takes {
                Takes::Number => Ok(next(1).first().copied().unwrap_or(Value::UNSPECIFIED)),
                Takes::Truth => Ok(next(1).first().map_or(Value::bool(false), |x| machine.truth(*x))),
                Takes::Vector(n) => machine.heap().numbers(next(n)),
                Takes::Matrix(rows, columns) => {
                    machine.heap().matrix(rows as u32, columns as u32, next(rows * columns))
                }
            };
            let value = value.map_err(|full| machine.memory(full, u32::MAX));
            arguments.push(value.map_err(|fault| self.failure(*fault))?);
        }
        arguments.extend(captures);
        machine.start(&arguments).map_err(|fault| self.failure(*fault))
    }

    /// Runs on this thread's machine of the program, or on a fresh one while that is in use.
    fn with_machine<V>(
        &self,
        limits: Option<Limits>,
        run: impl FnOnce(&mut Machine) -> Result<V, Failure>,
    ) -> Result<V, Failure> {
        let limits = limits.unwrap_or(Limits::NONE);
        let mut kept = match self.pool.try_with(Cell::take).unwrap_or_default() {
            Some(kept) => kept,
            None => Box::new(self.machine().map_err(|fault| self.failure(*fault))?),
        };
        let (image, machine) = &mut *kept;
        machine.rewind(image, limits);
        machine.set_single(false);
        let result = run(machine);
        // At the end of its thread there is no place to keep it.
        let _ = self.pool.try_with(|pool| pool.set(Some(kept)));
        result
    }

    fn machine(&self) -> Result<(Image, Machine), Box<Fault>> {
        let image = Machine::new(self.module, Limits::NONE)?.into_image(Value::closure(0, 0))?;
        let (machine, _) = Machine::from_image(&image, Limits::NONE);
        Ok((image, machine))
    }

    fn failure_at(&self, code: Code, message: impl Into<Cow<'static, str>>) -> Failure {
        let (line, column) = self.start;
        Failure { code, message: message.into(), hint: None, line, column }
    }

    /// A fault at its place in the inline text.
    fn failure(&self, fault: Fault) -> Failure {
        let at = fault.own.and_then(|own| self.module.places.iter().position(|place| *place == own));
        let (line, column) = at.and_then(|at| self.places.get(at)).copied().unwrap_or(self.start);
        // An array row that met a number, and does not write it out as the other rows do.
        let number_for_array = fault.code == Code::WrongType && fault.message.ends_with("was given a number");
        let hint = match number_for_array && self.takes.contains(&Takes::Number) {
            true => Some("an input is a number unless it is declared, as in (: v (vec 3))".into()),
            false => fault.hint.map(Into::into),
        };
        Failure { code: fault.code, message: fault.message.into(), hint, line, column }
    }
}

/// Plain numbers as the machine's.
fn numbers(all: &[f64]) -> Vec<Value> {
    all.iter().map(|x| Value::num(*x)).collect()
}

/// What a function gives in each lane, together.
fn in_lanes<E>(
    Ask { x, lanes, .. }: &Ask<'_>,
    mut partials: impl FnMut(&[f64]) -> Result<Vec<Vec<f64>>, E>,
) -> Result<Vec<Vec<f64>>, E> {
    if *lanes == 1 {
        return partials(x);
    }
    let mut together: Vec<Vec<f64>> = Vec::new();
    for lane in 0..*lanes {
        let own: Vec<f64> = x.iter().skip(lane).step_by(*lanes).copied().collect();
        let orders = partials(&own)?;
        together.resize_with(orders.len(), Vec::new);
        for (all, own) in together.iter_mut().zip(orders) {
            all.resize(own.len() * lanes, f64::NAN);
            all.iter_mut().skip(lane).step_by(*lanes).zip(own).for_each(|(to, d)| *to = d);
        }
    }
    Ok(together)
}

/// The numbers of a shape, from the left.
fn flat<S: Shape, T: Real>(data: &Of<S, T>) -> Vec<T> {
    (0..S::LEN).filter_map(|i| S::get(data, i).copied()).collect()
}

/// A program on the machine.
pub trait Dynamic: Program {
    /// The shape of the inputs.
    type In: Shape;

    /// The value at `x`, of any type.
    ///
    /// # Errors
    /// What ends the run early.
    fn answer(&self, x: Of<Self::In, f64>) -> Result<Answer, Failure>;

    /// How many of the machine's steps a run at `x` takes, as [`Limits`] count them. A procedure that
    /// [runs as direct code](crate::Description::direct) counts as one, however long it takes.
    ///
    /// # Errors
    /// What ends the run early.
    fn steps(&self, x: Of<Self::In, f64>) -> Result<u64, Failure>;

    /// The same with limits on what a run may use; inline programs have none unless they are set.
    ///
    /// ```
    /// use scheme_runtime::{Limits, prelude::*};
    ///
    /// let sum = scheme! { (apply + (map square (iota n))) };
    /// assert_eq!(sum.call(4.0), Ok(14.0));
    /// let few = sum.with_limits(Limits { steps: 50, ..Limits::default() });
    /// assert_eq!(few.call(1000.0).unwrap_err().code, scheme_runtime::Code::Steps);
    /// ```
    #[must_use]
    fn with_limits(self, limits: Limits) -> Self;
}

/// A program whose value is known to be no number: it has no derivative, and a call gives an [`Answer`].
pub trait Answers: Dynamic {
    /// The value at `x`.
    ///
    /// # Errors
    /// What ends the run early.
    fn call(&self, x: Of<Self::In, f64>) -> Result<Answer, Failure> {
        self.answer(x)
    }
}

impl<X: Shape, P: Shape, F: Dynamic<In = (X, P)> + Emitted> Dynamic for Parametric<F, X, P> {
    type In = X;

    fn answer(&self, x: Of<X, f64>) -> Result<Answer, Failure> {
        open(*self).answer((x, self.values()))
    }

    fn steps(&self, x: Of<X, f64>) -> Result<u64, Failure> {
        open(*self).steps((x, self.values()))
    }

    fn with_limits(self, limits: Limits) -> Self {
        self.map(|open| open.with_limits(limits))
    }
}

impl<X: Shape, P: Shape, F: Answers<In = (X, P)> + Emitted> Answers for Parametric<F, X, P> {}
