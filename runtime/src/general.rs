//! Inline programs on the explicit machine.
//!
//! `scheme!` emits the blocks of a program that needs general values and a [`General`] that says where
//! they are. A call borrows this thread's machine of the program, which keeps its stack, heap and tape
//! from call to call, and gives it back as it was made. Derivatives are asked for through
//! [`Real::lift`]: the machine computes on `f64` and a tape, and what a number carries beyond its value
//! is the chain rule's.
//!
//! Nothing here panics: what ends a program early is a [`Failure`] with its place in the inline text.

use crate::{
    machine::{Fault, Image, Limits, Machine, Module},
    outcome::Failure,
    value::{Value, View},
};
use scheme_core::{diag::Code, real::Real};
use std::{cell::Cell, fmt, thread::LocalKey};

/// A thread's machine of a program, while nobody uses it.
pub type Pool = Cell<Option<Box<(Image, Machine)>>>;

/// An inline program for the machine, as emitted.
pub struct General {
    /// Its blocks.
    pub module: &'static Module,
    /// The line and column of each of the module's places.
    pub places: &'static [(u32, u32)],
    /// The line and column of the program.
    pub start: (u32, u32),
    /// The machines.
    pub pool: &'static LocalKey<Pool>,
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
    pub fn value<T: Real>(
        &self,
        inputs: &[T],
        captures: &[f64],
        limits: Option<Limits>,
    ) -> Result<T, Failure> {
        let orders = T::lift(inputs, 0, &mut |inputs, order, _single| {
            self.with_machine(limits, |machine| self.partials(machine, inputs, order, captures))
        })?;
        Ok(orders.first().and_then(|value| value.first().copied()).unwrap_or(T::lit(f64::NAN)))
    }

    /// The value and all partial derivatives up to `order`.
    fn partials(
        &self,
        machine: &mut Machine,
        inputs: &[f64],
        order: u32,
        captures: &[f64],
    ) -> Result<Vec<Vec<f64>>, Failure> {
        if order > 1 {
            return Err(self.failure_at(Code::NotYet, "a derivative beyond the first, on the machine"));
        }
        let mut arguments = Vec::with_capacity(inputs.len() + captures.len());
        let mut nodes = Vec::with_capacity(inputs.len());
        for x in inputs {
            let node = if order == 0 { 0 } else { machine.input().map_err(|fault| self.failure(*fault))? };
            nodes.push(node);
            arguments.push(Value::dual(*x, node));
        }
        arguments.extend(captures.iter().map(|x| Value::num(*x)));
        let value = machine.start(&arguments).map_err(|fault| self.failure(*fault))?;
        let View::Num { v, node } = value.view() else {
            let message = format!("the program's value is {}, not a number", value.type_name());
            return Err(self.failure_at(Code::WrongType, message));
        };
        let mut orders = vec![vec![v]];
        if order == 1 {
            orders.push(machine.tape().gradient(node, &nodes));
        }
        Ok(orders)
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
        let result = run(machine);
        // At the end of its thread there is no place to keep it.
        let _ = self.pool.try_with(|pool| pool.set(Some(kept)));
        result
    }

    fn machine(&self) -> Result<(Image, Machine), Box<Fault>> {
        let image = Machine::new(self.module, Limits::NONE, [])?.into_image(Value::closure(0, 0))?;
        let (machine, _) = Machine::from_image(&image, Limits::NONE);
        Ok((image, machine))
    }

    fn failure_at(&self, code: Code, message: impl Into<std::borrow::Cow<'static, str>>) -> Failure {
        let (line, column) = self.start;
        Failure { code, message: message.into(), hint: None, line, column }
    }

    /// A fault at its place in the inline text.
    fn failure(&self, fault: Fault) -> Failure {
        let at = fault.own.and_then(|own| self.module.places.iter().position(|place| *place == own));
        let (line, column) = at.and_then(|at| self.places.get(at)).copied().unwrap_or(self.start);
        Failure {
            code: fault.code,
            message: fault.message.into(),
            hint: fault.hint.map(Into::into),
            line,
            column,
        }
    }
}
