//! Where a program from a string first turned nan or infinite.
//!
//! The program is run once more, watched: other runs pay nothing for it.

use super::{CallError, StringProgram, inputs::Given, place, plain::values};
use crate::{answer::Answer, machine::Turned, stack};
use scheme_core::{
    datum::{Datum, Kind},
    diag::Waiting,
    kernel::{Expr, ExprKind, Local, Program},
    span::Span,
};

/// The first subexpression whose number, or derivative, turned nan or infinite.
#[derive(Clone, PartialEq, Debug)]
pub struct NonFinite {
    /// The subexpression, or the input that was given so, or the number that is written so; the whole text where none
    /// of these is to blame.
    pub span: Span,
    /// What the number turned: of an array, the first element that is not finite; in the gradient, what the
    /// subexpression passes on of the derivative.
    pub value: f64,
    /// What turned: 0 the value, 1 the gradient, all numbers being finite, 2 the second derivatives, the gradient
    /// being finite too.
    pub order: u32,
    /// The calls that waited for the subexpression, innermost first; not known in derivatives.
    pub calls: Vec<Waiting>,
}

impl StringProgram {
    /// The first subexpression, in the order of evaluation, that gave nan or an infinity where its operands do not
    /// explain it; else, if the value is not finite, the input that was given so or the number that the text has; else
    /// the first subexpression in the sweep back whose share of the gradient by the inputs named is not finite. Of a value that is no number, the
    /// gradient is that of the sum of its numbers.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let program = Interpreter::new().load("(* 2 (sqrt (- x 1)))")?;
    /// let text = |span: scheme_core::span::Span| &program.source().text()[span.start as usize..span.end as usize];
    ///
    /// let found = program.first_nonfinite(&["x"], &[("x", 0.0)])?.unwrap();
    /// assert_eq!((text(found.span), found.value.is_nan(), found.order), ("(sqrt (- x 1))", true, 0));
    ///
    /// let found = program.first_nonfinite(&["x"], &[("x", 1.0)])?.unwrap();
    /// assert_eq!((text(found.span), found.value, found.order), ("(sqrt (- x 1))", f64::INFINITY, 1));
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
        self.turned_up_to(1, &given)
    }

    /// The same, or else, if all that is finite, the first subexpression whose share of the second derivatives of the
    /// value, a number, is not.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let program = Interpreter::new().load("(+ x (expt x 1.5))")?;
    /// assert_eq!(program.first_nonfinite(&["x"], &[("x", 0.0)])?, None);
    /// let found = program.first_nonfinite_in_hessian_with(&["x"], &[("x", 0.0.into())])?.unwrap();
    /// assert_eq!((found.span.start, found.value, found.order), (5, f64::INFINITY, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`first_nonfinite`](Self::first_nonfinite).
    pub fn first_nonfinite_in_hessian_with(
        &self,
        by: &[&str],
        inputs: &[(&str, Answer)],
    ) -> Result<Option<NonFinite>, CallError> {
        let given = self.given(inputs, by)?;
        match self.turned_up_to(1, &given)? {
            None if !given.moving.is_empty() => self.turned_up_to(2, &given),
            found => Ok(found),
        }
    }

    /// What turned in a run that records derivatives up to an order: in its value, or in those of that order.
    fn turned_up_to(&self, order: u32, given: &Given<'_>) -> Result<Option<NonFinite>, CallError> {
        let mut machine = self.machine();
        machine.watch();
        let order = if given.moving.is_empty() { 0 } else { order };
        let value = self.run_on(&mut machine, given, &mut |machine| machine.inputs(&given.moving, order));
        if let Some(turned) = machine.first_turned() {
            return Ok(Some(self.located(turned, 0)));
        }
        let value = value?;
        // A procedure has no numbers.
        let Ok(numbers) = machine.numbers_of(value) else { return Ok(None) };
        if let Some(x) = numbers.iter().map(|x| x.primal()).find(|x| !x.is_finite()) {
            return Ok(Some(self.brought_in(given, x)));
        }
        let turned = match order {
            2 => machine.first_turned_twice_back(value),
            _ => machine.first_turned_back(&numbers),
        };
        Ok(turned.map(|turned| self.located(&turned, order)))
    }

    /// Where a number that is not finite came from, if nothing turned: an input, or what is written in the text.
    fn brought_in(&self, given: &Given<'_>, x: f64) -> NonFinite {
        let found = |span: Span, value: f64| NonFinite { span, value, order: 0, calls: Vec::new() };
        let input = given.all.iter().enumerate().find_map(|(at, (answer, _))| {
            let mut bad = None;
            answer.each_number(&mut |x| bad = bad.or(Some(x).filter(|x| !x.is_finite())));
            Some(found(self.span_of(at), bad?))
        });
        let literal = || {
            stack::for_a_text(|| {
                let (program, _) = self.interpreter.kernel(self.source.text()).ok()?;
                let written = written(&program);
                let same = |y: f64| y == x || y.is_nan() && x.is_nan();
                written.iter().find(|(_, y)| same(*y)).or(written.first()).map(|(span, y)| found(*span, *y))
            })
        };
        input.or_else(literal).unwrap_or_else(|| found(self.whole(), x))
    }

    fn located(&self, turned: &Turned, order: u32) -> NonFinite {
        let (span, calls) = place::located(turned.place, &turned.calls, &self.spans, &self.definitions);
        NonFinite { span: span.unwrap_or(self.whole()), value: turned.value, order, calls }
    }
}

/// The numbers of a program that are written as nan or infinite, in the order of the text.
fn written(program: &Program) -> Vec<(Span, f64)> {
    let in_text = |local: Local| program.locals.get(local.0 as usize).is_some_and(|info| !info.prelude);
    let mut found = Vec::new();
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        match &expr.kind {
            ExprKind::Quote(datum) => in_datum(datum, &mut found),
            ExprKind::Fix(bindings, body) => {
                let written = bindings.iter().filter(|(local, _)| in_text(*local));
                todo.extend(written.map(|(_, lambda)| &*lambda.body));
                todo.push(body);
            }
            ExprKind::Let(bindings, body) => {
                let written = bindings.iter().filter(|(local, _)| in_text(*local));
                todo.extend(written.map(|(_, value)| value));
                todo.push(body);
            }
            _ => expr.each_child(&mut |child: &Expr| todo.push(child)),
        }
    }
    found.sort_by_key(|(span, _)| span.start);
    found
}

fn in_datum(datum: &Datum, found: &mut Vec<(Span, f64)>) {
    match &datum.kind {
        Kind::Number(x) if !x.is_finite() => found.push((datum.span, *x)),
        Kind::List { items, tail, .. } => {
            items.iter().chain(tail.as_deref()).for_each(|item| in_datum(item, found));
        }
        Kind::Vector(items) => items.iter().for_each(|item| in_datum(item, found)),
        _ => {}
    }
}
