//! First derivatives of programs from strings, by inputs and parameters of any form.
//!
//! A derivative by an input has the form of its value with partial derivatives in place of the numbers. Each is
//! taken from one run, replayed where its path is known: gradients from its tape backward, directional derivatives
//! forward, Jacobians whichever way is shorter.

use super::{CallError, StringProgram, inputs::Given};
use crate::{
    answer::Answer,
    machine::Machine,
    paths::{Path, Work},
    value::{Value, View},
};
use scheme_core::diag::{Code, Diagnostic};
use std::collections::HashSet;

impl StringProgram {
    /// The derivatives of its value, a number, by the inputs named.
    ///
    /// # Errors
    /// As [`value_and_grad_with`](Self::value_and_grad_with).
    pub fn grad_with(&self, by: &[&str], inputs: &[(&str, Answer)]) -> Result<Vec<Answer>, CallError> {
        Ok(self.value_and_grad_with(by, inputs)?.1)
    }

    /// Its value, a number, and the derivatives of it by the inputs named.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let energy = Interpreter::new().load("(* 1/2 m (dot v v))")?;
    /// let inputs = [("m", 3.0.into()), ("v", [1.0, 2.0].into())];
    /// assert_eq!(energy.value_and_grad_with(&["v"], &inputs), Ok((7.5, vec![[3.0, 6.0].into()])));
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with); also a value that is not a number, and an input in `by` that holds none.
    pub fn value_and_grad_with(
        &self,
        by: &[&str],
        inputs: &[(&str, Answer)],
    ) -> Result<(f64, Vec<Answer>), CallError> {
        let given = self.given(inputs, by)?;
        let (value, gradient) = self.gradient(&given)?;
        Ok((value, given.shaped(&gradient)))
    }

    /// Its value, of any form, and for each input named the value's form with the derivative by the input in
    /// place of every number.
    ///
    /// ```
    /// use scheme_runtime::{Answer, Interpreter};
    ///
    /// let turn = Interpreter::new().load("(list (* r (cos t)) (* r (sin t)))")?;
    /// let inputs = [("r", 2.0.into()), ("t", 0.0.into())];
    /// let (value, by) = turn.jacobian_with(&["r", "t"], &inputs)?;
    /// assert_eq!(value, Answer::from_iter([2.0, 0.0]));
    /// assert_eq!(by, [Answer::from_iter([1.0, 0.0]), Answer::from_iter([0.0, 2.0])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with), and an input in `by` that holds no number.
    pub fn jacobian_with(
        &self,
        by: &[&str],
        inputs: &[(&str, Answer)],
    ) -> Result<(Answer, Vec<Answer>), CallError> {
        let given = self.given(inputs, by)?;
        let inputs = given.moving.len();
        let work = |path: &Path| {
            let results = path.results();
            let numbers = results.saturating_mul(inputs) as u64;
            Some(Work { sweeps: results.min(inputs) as u64, numbers })
        };
        let replayed = self.replayed(&given, work, |path, by, x, scratch| {
            let replay = path.replay(by);
            let rows = replay.jacobian(x, scratch)?;
            let value = path.answer(replay.value(x, scratch)?);
            let rows: Vec<&[f64]> = rows.chunks(given.moving.len().max(1)).collect();
            Ok(Self::jacobian_of(value, &given, &rows))
        });
        if let Some(jacobian) = replayed {
            return Ok(jacobian);
        }
        let (mut machine, value) = self.run(&given, &mut |machine| machine.inputs(&given.moving, 1))?;
        let rows = machine.numbers_of(value).and_then(|numbers| machine.jacobian(&numbers));
        let rows = rows.map_err(|fault| self.place(&fault))?;
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        Ok(Self::jacobian_of(self.answer(&machine, value), &given, &rows))
    }

    /// A value, and for each input its form with a row of the Jacobian in place of every number.
    fn jacobian_of(value: Answer, given: &Given<'_>, rows: &[&[f64]]) -> (Answer, Vec<Answer>) {
        let jacobian = given.by.iter().map(|input| {
            let mut rows = rows.iter();
            value.replaced(&mut || input.shaped(rows.next().map_or(&[], |row| row)))
        });
        let jacobian = jacobian.collect();
        (value, jacobian)
    }

    /// Its value, of any form, and how that changes as inputs move in directions of their form.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(list x (* x y))")?;
    /// let (_, tangent) = f.jvp_with(&[("x", 3.0.into()), ("y", 2.0.into())], &[("x", 1.0.into())])?;
    /// assert_eq!(tangent.to_string(), "(1 2)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with), and a direction of another form than its input.
    pub fn jvp_with(
        &self,
        inputs: &[(&str, Answer)],
        directions: &[(&str, Answer)],
    ) -> Result<(Answer, Answer), CallError> {
        let (given, along) = self.moved(inputs, directions)?;
        let replayed = self.replayed(
            &given,
            |_| Some(Work::ONCE),
            |path, by, x, scratch| {
                let (value, tangent) = path.replay(by).jvp(x, &along, scratch)?;
                Ok((path.answer(value), path.answer(tangent)))
            },
        );
        if let Some(pair) = replayed {
            return Ok(pair);
        }
        let moving = || given.moving.iter().copied().zip(along.iter().copied());
        let (mut machine, value) = self.run(&given, &mut |machine| machine.moving_inputs(moving()))?;
        let tangents = machine.numbers_of(value).and_then(|numbers| machine.tangents(&numbers));
        let mut tangents = tangents.map_err(|fault| self.place(&fault))?.into_iter();
        let value = self.answer(&machine, value);
        let tangent = value.replaced(&mut || tangents.next().unwrap_or(0.0).into());
        Ok((value, tangent))
    }

    /// Its value, of any form, and the gradient of the sum of its numbers, each times the one in its place in a
    /// cotangent of the same form.
    ///
    /// ```
    /// use scheme_runtime::{Answer, Interpreter};
    ///
    /// let f = Interpreter::new().load("(list x (* x y))")?;
    /// let cotangent = Answer::from_iter([10.0, 1.0]);
    /// let (_, gradient) = f.vjp_with(&["x", "y"], &[("x", 3.0.into()), ("y", 2.0.into())], &cotangent)?;
    /// assert_eq!(gradient, [12.0.into(), 3.0.into()]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`jacobian_with`](Self::jacobian_with), and a cotangent of another form than the value.
    pub fn vjp_with(
        &self,
        by: &[&str],
        inputs: &[(&str, Answer)],
        cotangent: &Answer,
    ) -> Result<(Answer, Vec<Answer>), CallError> {
        let given = self.given(inputs, by)?;
        let mut cotangents = Vec::new();
        cotangent.each_number(&mut |ct| cotangents.push(ct));
        let work = |path: &Path| path.answer(&[]).has_form_of(cotangent).then_some(Work::ONCE);
        let replayed = self.replayed(&given, work, |path, by, x, scratch| {
            let (value, gradient) = path.replay(by).vjp(x, &cotangents, scratch)?;
            Ok((path.answer(value), given.shaped(gradient)))
        });
        if let Some(pair) = replayed {
            return Ok(pair);
        }
        let (mut machine, value) = self.run(&given, &mut |machine| machine.inputs(&given.moving, 1))?;
        let answer = self.answer(&machine, value);
        self.same_form(&answer, cotangent, "the cotangent")?;
        let gradient = machine.numbers_of(value).and_then(|of| machine.pulled_back(&of, &cotangents));
        let gradient = gradient.map_err(|fault| self.place(&fault))?;
        Ok((answer, given.shaped(&gradient)))
    }

    /// What is given, and how its moving numbers move, where each input named moves in a direction of its form.
    pub(super) fn moved<'a>(
        &'a self,
        inputs: &'a [(&str, Answer)],
        directions: &[(&str, Answer)],
    ) -> Result<(Given<'a>, Vec<f64>), CallError> {
        let by: Vec<&str> = directions.iter().map(|(name, _)| *name).collect();
        let mut seen = HashSet::new();
        if let Some(twice) = by.iter().find(|name| !seen.insert(**name)) {
            let message = format!("`{twice}` is given two directions");
            return Err(self.error(Diagnostic::new(Code::Duplicate, self.whole(), message)));
        }
        let given = self.given(inputs, &by)?;
        let mut along = Vec::new();
        for (input, (name, direction)) in given.by.iter().zip(directions) {
            self.same_form(input.value, direction, &format!("the direction of `{name}`"))?;
            direction.each_number(&mut |dx| along.push(dx));
        }
        Ok((given, along))
    }

    /// The value, a number, and its gradient by the moving numbers.
    fn gradient(&self, given: &Given<'_>) -> Result<(f64, Vec<f64>), CallError> {
        let work = |path: &Path| path.of_a_number(Work::ONCE);
        let replayed = self.replayed(given, work, |path, by, x, scratch| {
            let (value, gradient) = path.gradient(by).value_and_grad(x, scratch)?;
            Ok((self.interpreter.rounded(value), gradient.to_vec()))
        });
        if let Some(found) = replayed {
            return Ok(found);
        }
        let (value, orders) = self.interpreted_partials(given, 1)?;
        Ok((value, orders.into_iter().nth(1).unwrap_or_default()))
    }

    /// The value, a number, and all partial derivatives by the moving numbers up to an order, by the evaluator.
    pub(super) fn interpreted_partials(
        &self,
        given: &Given<'_>,
        order: u32,
    ) -> Result<(f64, Vec<Vec<f64>>), CallError> {
        let inputs = |machine: &mut Machine| machine.inputs(&given.moving, order);
        let (mut machine, value) = self.run(given, &mut |machine| inputs(machine))?;
        let View::Num { v, .. } = value.view() else {
            let hint = "take one number of it, or their sum; `jacobian` differentiates them all";
            return Err(self.no_number(&machine, value, "a gradient needs", hint));
        };
        let orders = machine.partials(value, order).map_err(|fault| self.place(&fault))?;
        Ok((self.interpreter.rounded(v), orders))
    }

    /// That a value is no number where something needs one, with what else may help.
    pub(super) fn no_number(&self, machine: &Machine, value: Value, needs: &str, hint: &str) -> CallError {
        let what = machine.text(value, 80);
        let message = format!("{needs} a number, but the program's value is {what}");
        self.error(Diagnostic::new(Code::WrongType, self.whole(), message).hint(match value.view() {
            View::Unspecified => {
                "a program's value is that of its last expression: after the definitions, write the call that gives the number"
            }
            View::Closure { .. } | View::Prim(_) => "call it in the last expression",
            View::Bool(_) => "in arithmetic a truth value counts as 1 or 0: (* 1 test)",
            _ => hint,
        }))
    }

    fn same_form(&self, value: &Answer, other: &Answer, what: &str) -> Result<(), CallError> {
        if value.has_form_of(other) {
            return Ok(());
        }
        self.check_depth(other, self.whole())?;
        let message = format!("{what} must have the form of {value}, but is {other}");
        Err(self.error(Diagnostic::new(Code::Shape, self.whole(), message)))
    }
}
