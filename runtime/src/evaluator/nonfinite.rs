//! Where a program from a string first turned nan or infinite.
//!
//! The program is run once more, watched: other runs pay nothing for it.

use super::{CallError, StringProgram, place, plain::values};
use crate::{answer::Answer, machine::Turned};
use scheme_core::{diag::Waiting, span::Span};

/// The first subexpression whose number, or derivative, turned nan or infinite.
#[derive(Clone, PartialEq, Debug)]
pub struct NonFinite {
    /// The subexpression, or the input that was given so.
    pub span: Span,
    /// What the number turned: of an array, the first element that is not finite; in the gradient, what the
    /// subexpression passes on of the derivative.
    pub value: f64,
    /// Whether all numbers are finite and it is the gradient that turned.
    pub in_gradient: bool,
    /// The calls that waited for the subexpression, innermost first; not known in the gradient.
    pub calls: Vec<Waiting>,
}

impl StringProgram {
    /// The first subexpression, in the order of evaluation, that gave nan or an infinity where its operands do not
    /// explain it; else, if the value is not finite, the input that was given so; else the first subexpression in the
    /// sweep back whose share of the gradient by the inputs named is not finite. Of a value that is no number, the
    /// gradient is that of the sum of its numbers.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let program = Interpreter::new().load("(* 2 (sqrt (- x 1)))")?;
    /// let text = |span: scheme_core::span::Span| &program.source().text()[span.start as usize..span.end as usize];
    ///
    /// let found = program.first_nonfinite(&["x"], &[("x", 0.0)])?.unwrap();
    /// assert_eq!((text(found.span), found.value.is_nan(), found.in_gradient), ("(sqrt (- x 1))", true, false));
    ///
    /// let found = program.first_nonfinite(&["x"], &[("x", 1.0)])?.unwrap();
    /// assert_eq!((text(found.span), found.value, found.in_gradient), ("(sqrt (- x 1))", f64::INFINITY, true));
    ///
    /// assert_eq!(program.first_nonfinite(&["x"], &[("x", 2.0)])?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with), unless a number turned before the run failed; and an input in `by` that
    /// holds no number.
    pub fn first_nonfinite(
        &self,
        by: &[&str],
        inputs: &[(&str, f64)],
    ) -> Result<Option<NonFinite>, CallError> {
        self.first_nonfinite_with(by, &values(inputs))
    }

    /// The same at inputs of any form.
    ///
    /// # Errors
    /// As [`first_nonfinite`](Self::first_nonfinite).
    pub fn first_nonfinite_with(
        &self,
        by: &[&str],
        inputs: &[(&str, Answer)],
    ) -> Result<Option<NonFinite>, CallError> {
        let given = self.given(inputs, by)?;
        let mut machine = self.machine();
        machine.watch();
        let order = u32::from(!given.moving.is_empty());
        let value = self.run_on(&mut machine, &given, &mut |machine| machine.inputs(&given.moving, order));
        if let Some(turned) = machine.first_turned() {
            return Ok(Some(self.located(turned, false)));
        }
        // A procedure has no numbers.
        let Ok(numbers) = machine.numbers_of(value?) else { return Ok(None) };
        if numbers.iter().all(|x| x.primal().is_finite()) {
            return Ok(machine.first_turned_back(&numbers).map(|turned| self.located(&turned, true)));
        }
        // Nothing turned, so it came from outside, or is written in the text.
        let from_outside = given.all.iter().enumerate().find_map(|(at, (answer, _))| {
            let mut found = None;
            answer.each_number(&mut |x| found = found.or(Some(x).filter(|x| !x.is_finite())));
            let value = found?;
            Some(NonFinite { span: self.span_of(at), value, in_gradient: false, calls: Vec::new() })
        });
        Ok(from_outside)
    }

    fn located(&self, turned: &Turned, in_gradient: bool) -> NonFinite {
        let (span, calls) = place::located(turned.place, &turned.calls, &self.spans, &self.definitions);
        let span = span.unwrap_or(self.whole());
        NonFinite { span, value: turned.value, in_gradient, calls }
    }
}
