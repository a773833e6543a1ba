//! Programs from strings on plain numbers: the same calls, without the forms that values may have.

use super::{CallError, StringProgram, second::Derivatives};
use crate::answer::Answer;

pub(super) fn values<'a>(inputs: &[(&'a str, f64)]) -> Vec<(&'a str, Answer)> {
    inputs.iter().map(|(name, x)| (*name, Answer::Number(*x))).collect()
}

/// A derivative by a number of a number.
fn number(derivative: &Answer) -> f64 {
    derivative.number().unwrap_or(f64::NAN)
}

impl StringProgram {
    /// Its value at the inputs.
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with).
    pub fn call(&self, inputs: &[(&str, f64)]) -> Result<Answer, CallError> {
        self.call_with(&values(inputs))
    }

    /// The derivatives of its value, a number, by the inputs named.
    ///
    /// # Errors
    /// As [`value_and_grad_with`](Self::value_and_grad_with).
    pub fn grad(&self, by: &[&str], inputs: &[(&str, f64)]) -> Result<Vec<f64>, CallError> {
        Ok(self.value_and_grad(by, inputs)?.1)
    }

    /// Its value, a number, and the derivatives of it by the inputs named.
    ///
    /// # Errors
    /// As [`value_and_grad_with`](Self::value_and_grad_with).
    pub fn value_and_grad(&self, by: &[&str], inputs: &[(&str, f64)]) -> Result<(f64, Vec<f64>), CallError> {
        let (value, gradient) = self.value_and_grad_with(by, &values(inputs))?;
        Ok((value, gradient.iter().map(number).collect()))
    }

    /// Its value, a number, and its first and second derivatives by the inputs named.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(* x x y)")?;
    /// let all = f.hessian(&["x", "y"], &[("x", 3.0), ("y", 2.0)])?;
    /// assert_eq!((all.value, all.gradient), (18.0, vec![12.0, 9.0]));
    /// assert_eq!(all.hessian, [[4.0, 6.0], [6.0, 0.0]]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`value_and_grad_with`](Self::value_and_grad_with).
    pub fn hessian(&self, by: &[&str], inputs: &[(&str, f64)]) -> Result<Derivatives<f64>, CallError> {
        let Derivatives { value, gradient, hessian } = self.hessian_with(by, &values(inputs))?;
        Ok(Derivatives {
            value,
            gradient: gradient.iter().map(number).collect(),
            hessian: hessian.iter().map(|row| row.iter().map(number).collect()).collect(),
        })
    }

    /// Its value, a number, its gradient by the inputs that move in a direction, and how that changes as they do: the
    /// product of its Hessian with the direction.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(* x x y)")?;
    /// let found = f.hvp(&[("x", 3.0), ("y", 2.0)], &[("x", 1.0), ("y", 10.0)])?;
    /// assert_eq!(found, (18.0, vec![12.0, 9.0], vec![64.0, 6.0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`hvp_with`](Self::hvp_with).
    pub fn hvp(
        &self,
        inputs: &[(&str, f64)],
        direction: &[(&str, f64)],
    ) -> Result<(f64, Vec<f64>, Vec<f64>), CallError> {
        let (value, gradient, product) = self.hvp_with(&values(inputs), &values(direction))?;
        let numbers = |all: Vec<Answer>| all.iter().map(number).collect();
        Ok((value, numbers(gradient), numbers(product)))
    }

    /// The derivatives of its value, of any form, by the inputs named, each in the value's form.
    ///
    /// # Errors
    /// As [`jacobian_with`](Self::jacobian_with).
    pub fn jacobian(&self, by: &[&str], inputs: &[(&str, f64)]) -> Result<Vec<Answer>, CallError> {
        Ok(self.jacobian_with(by, &values(inputs))?.1)
    }

    /// Its value and how that changes as inputs move in a direction.
    ///
    /// # Errors
    /// As [`jvp_with`](Self::jvp_with).
    pub fn jvp(
        &self,
        inputs: &[(&str, f64)],
        direction: &[(&str, f64)],
    ) -> Result<(Answer, Answer), CallError> {
        self.jvp_with(&values(inputs), &values(direction))
    }

    /// Its value and the gradient of the sum of its numbers, weighted by a cotangent of the value's form.
    ///
    /// # Errors
    /// As [`vjp_with`](Self::vjp_with).
    pub fn vjp(
        &self,
        by: &[&str],
        inputs: &[(&str, f64)],
        cotangent: impl Into<Answer>,
    ) -> Result<(Answer, Vec<f64>), CallError> {
        let (value, gradient) = self.vjp_with(by, &values(inputs), &cotangent.into())?;
        Ok((value, gradient.iter().map(number).collect()))
    }
}
