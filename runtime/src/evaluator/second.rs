//! Second derivatives of programs from strings, by inputs and parameters of any form.
//!
//! They are taken forward over backward through a trace of the run, which is recorded for that if its path is not
//! known. Where it outgrows its limits they come from a tape of the tape, which adds in another order.

use super::{CallError, StringProgram, inputs::Given};
use crate::{
    answer::Answer,
    paths::{Path, Work},
};

/// A value with its first and second derivatives by some inputs, in their order; those of numbers are plain numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Derivatives<D = Answer> {
    /// The value.
    pub value: f64,
    /// The gradient by each input.
    pub gradient: Vec<D>,
    /// By each input of each gradient.
    pub hessian: Vec<Vec<D>>,
}

impl StringProgram {
    /// Its value, a number, and its first and second derivatives by the inputs named.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(* x (dot v v))")?;
    /// let all = f.hessian_with(&["x", "v"], &[("x", 2.0.into()), ("v", [1.0, 3.0].into())])?;
    /// assert_eq!(all.hessian[0], [0.0.into(), [2.0, 6.0].into()]);
    /// assert_eq!(all.hessian[1], [[2.0, 6.0].into(), [[4.0, 0.0], [0.0, 4.0]].into()]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`value_and_grad_with`](Self::value_and_grad_with).
    pub fn hessian_with(&self, by: &[&str], inputs: &[(&str, Answer)]) -> Result<Derivatives, CallError> {
        let given = self.given(inputs, by)?;
        let (value, gradient, matrix) = self.second(&given)?;
        let gradient = given.shaped(&gradient);
        // A row of the matrix for each number of the inputs; what is asked for are its blocks.
        let n = given.moving.len().max(1);
        let block = |a: usize, b: usize| {
            let (a, b) = (given.by.get(a)?, given.by.get(b)?);
            let mut row = a.first;
            Some(a.value.replaced(&mut || {
                let gradient = matrix.get(row * n..).unwrap_or_default();
                row += 1;
                b.shaped(gradient)
            }))
        };
        let hessian = (0..by.len()).map(|a| (0..by.len()).filter_map(|b| block(a, b)).collect()).collect();
        Ok(Derivatives { value, gradient, hessian })
    }

    /// Its value, a number, the gradient by the inputs that a direction is named for, and the product of its Hessian
    /// by them with the directions, which have their forms: how the gradient changes as they move.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(* x (dot v v))")?;
    /// let inputs = [("x", 2.0.into()), ("v", [1.0, 3.0].into())];
    /// let along = [("x", 1.0.into()), ("v", [0.0, 1.0].into())];
    /// let (_, gradient, product) = f.hvp_with(&inputs, &along)?;
    /// assert_eq!(gradient, [10.0.into(), [4.0, 12.0].into()]);
    /// assert_eq!(product, [6.0.into(), [2.0, 10.0].into()]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`value_and_grad_with`](Self::value_and_grad_with) and [`jvp_with`](Self::jvp_with).
    pub fn hvp_with(
        &self,
        inputs: &[(&str, Answer)],
        directions: &[(&str, Answer)],
    ) -> Result<(f64, Vec<Answer>, Vec<Answer>), CallError> {
        let (given, along) = self.moved(inputs, directions)?;
        let n = given.moving.len();
        let work = |path: &Path| path.of_a_number(Work { sweeps: 2, numbers: 2 * n as u64 });
        let replayed = self.replayed_or_recorded(&given, true, work, |path, by, x, scratch| {
            let replay = path.replay(by);
            let value = replay.value(x, scratch)?.first().copied().unwrap_or(f64::NAN);
            let (gradient, product) = replay.hvp(x, 0, &along, scratch)?;
            Ok((self.interpreter.rounded(value), given.shaped(gradient), given.shaped(product)))
        });
        if let Some(found) = replayed {
            return Ok(found);
        }
        let (value, gradient, matrix) = self.second(&given)?;
        let row = |row: &[f64]| row.iter().zip(&along).map(|(second, dx)| second * dx).sum();
        let product: Vec<f64> = matrix.chunks(n.max(1)).map(row).collect();
        Ok((value, given.shaped(&gradient), given.shaped(&product)))
    }

    /// The value, a number, its gradient by the moving numbers, and its Hessian by them, row by row.
    fn second(&self, given: &Given<'_>) -> Result<(f64, Vec<f64>, Vec<f64>), CallError> {
        let inputs = given.moving.len() as u64;
        let numbers = inputs.saturating_mul(inputs);
        let work = |path: &Path| path.of_a_number(Work { sweeps: 1 + inputs, numbers });
        let replayed = self.replayed_or_recorded(given, true, work, |path, by, x, scratch| {
            let replay = path.replay(by);
            let (value, gradient) = replay.value_and_grad(x, 0, scratch)?;
            let (value, gradient) = (self.interpreter.rounded(value), gradient.to_vec());
            Ok((value, gradient, replay.hessian(x, 0, scratch)?))
        });
        if let Some(found) = replayed {
            return Ok(found);
        }
        let (value, orders) = self.interpreted_partials(given, 2)?;
        let mut orders = orders.into_iter().skip(1);
        Ok((value, orders.next().unwrap_or_default(), orders.next().unwrap_or_default()))
    }
}
