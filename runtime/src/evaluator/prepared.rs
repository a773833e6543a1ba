//! A program of numbers, ready to be called by position again and again.

use super::{
    CallError, Interpreter, StringProgram,
    names::Role,
    replays::{Form, Work},
};
use crate::{
    answer::Answer,
    replay::{Replay, Scratch},
};
use std::sync::Arc;

/// A program of numbers as a function of slices, from [`StringProgram::prepare`].
///
/// It answers as the program does, to the bit, and keeps what a call needs: names are looked up once, the path that the
/// last call took is tried first, and nothing is allocated where it is taken again. Each thread has its own.
#[derive(Clone, Debug)]
pub struct Prepared {
    program: StringProgram,
    inputs: Vec<String>,
    by: Vec<String>,
    /// The numbers of a call in the program's order, parameters behind inputs.
    x: Vec<f64>,
    /// Where each of the inputs is among them.
    places: Vec<usize>,
    /// Those that derivatives are taken by, and of each of `by` which of them it is.
    wrt: Vec<usize>,
    order: Vec<usize>,
    form: Arc<Form>,
    /// The path that was taken last.
    last: Option<Last>,
    scratch: Scratch,
    gradient: Vec<f64>,
}

#[derive(Clone, Debug)]
struct Last {
    /// Of the value alone, and with the gradient.
    value: Arc<Replay>,
    gradient: Arc<Replay>,
    /// Whether the evaluator would come through, for the value and for the gradient.
    within: [bool; 2],
}

impl StringProgram {
    /// The program as a function of these numbers, in this order, with derivatives by some. Parameters that are not
    /// named have their initial values.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let decay = Interpreter::new().load("(* (param a 2) (exp (* k t)))")?;
    /// let mut f = decay.prepare(&["k", "t"], &["k", "a"])?;
    /// assert_eq!(f.value(&[-1.0, 0.0])?, 2.0);
    /// assert_eq!(f.value_and_grad(&[0.0, 3.0])?, (2.0, &[6.0, 1.0][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Inputs that are missing, twice there, unknown, or declared to be no number.
    pub fn prepare(&self, inputs: &[&str], by: &[&str]) -> Result<Prepared, CallError> {
        let zeros: Vec<(&str, Answer)> = inputs.iter().map(|name| (*name, Answer::Number(0.0))).collect();
        let given = self.given(&zeros, by)?;
        let (x, wrt) = self.numbers(&given);
        let place = |name: &&str| match self.names.role(name) {
            Some(Role::Param(at)) => self.inputs.len() + at,
            Some(Role::Input(at)) => at,
            None => x.len(),
        };
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        Ok(Prepared {
            places: inputs.iter().map(place).collect(),
            order: given.by.iter().map(|moving| moving.first).collect(),
            form: self.traces.form(&given, &self.interpreter.limits),
            inputs: names(inputs),
            by: names(by),
            gradient: vec![0.0; by.len()],
            program: self.clone(),
            x,
            wrt,
            last: None,
            scratch: Scratch::new(),
        })
    }
}

impl Prepared {
    /// The names of the numbers that it takes, in order.
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The inputs that derivatives are taken by.
    pub fn by(&self) -> &[String] {
        &self.by
    }

    /// Its value, a number. A number that is missing is nan, those beyond the inputs are not looked at.
    ///
    /// # Errors
    /// As [`StringProgram::call`], and a value that is no number.
    #[inline]
    pub fn value(&mut self, x: &[f64]) -> Result<f64, CallError> {
        self.place(x);
        if let Some(Last { value: replay, within: [true, _], .. }) = &self.last
            && let Ok([value]) = replay.value(&self.x, &mut self.scratch)
        {
            return Ok(self.program.interpreter.rounded(*value));
        }
        self.value_anew()
    }

    /// Its value, a number, and the derivatives of it.
    ///
    /// # Errors
    /// As [`StringProgram::value_and_grad`].
    #[inline]
    pub fn value_and_grad(&mut self, x: &[f64]) -> Result<(f64, &[f64]), CallError> {
        self.place(x);
        if let Some(Last { gradient: replay, within: [_, true], .. }) = &self.last
            && let Ok((value, gradient)) = replay.value_and_grad(&self.x, 0, &mut self.scratch)
        {
            let value = self.program.interpreter.rounded(value);
            for (to, from) in self.gradient.iter_mut().zip(&self.order) {
                *to = gradient.get(*from).copied().unwrap_or(0.0);
            }
            return Ok((value, &self.gradient));
        }
        self.value_and_grad_anew()
    }

    #[inline]
    fn place(&mut self, x: &[f64]) {
        let Interpreter { single, .. } = self.program.interpreter;
        for (i, place) in self.places.iter().enumerate() {
            let x = x.get(i).copied().unwrap_or(f64::NAN);
            if let Some(to) = self.x.get_mut(*place) {
                *to = if single { f64::from(x as f32) } else { x };
            }
        }
    }

    #[cold]
    fn value_anew(&mut self) -> Result<f64, CallError> {
        self.follow();
        let given = self.named();
        let value = self.program.call_with(&given)?;
        match value.number() {
            Some(value) => Ok(value),
            // The gradient says what to do with such a value.
            None => self.program.value_and_grad_with(&[], &given).map(|(value, _)| value),
        }
    }

    #[cold]
    fn value_and_grad_anew(&mut self) -> Result<(f64, &[f64]), CallError> {
        self.follow();
        let by: Vec<&str> = self.by.iter().map(String::as_str).collect();
        let (value, gradient) = self.program.value_and_grad_with(&by, &self.named())?;
        for (to, from) in self.gradient.iter_mut().zip(gradient) {
            *to = from.number().unwrap_or(0.0);
        }
        Ok((value, &self.gradient))
    }

    /// The call as the program takes it.
    fn named(&self) -> Vec<(&str, Answer)> {
        let number = |place: &usize| Answer::Number(self.x.get(*place).copied().unwrap_or(f64::NAN));
        self.inputs.iter().map(String::as_str).zip(self.places.iter().map(number)).collect()
    }

    /// Takes the path of this call for the next one, if it is known.
    fn follow(&mut self) {
        let Self { form, x, wrt, scratch, program, .. } = self;
        let limits = &program.interpreter.limits;
        let found = form.find(|path| {
            let value = path.replay(&[]);
            value.value(x, scratch).map_err(|broken| broken.guard)?;
            let within = [Work::default(), Work::ONCE].map(|work| path.is_within(limits, work));
            Ok(path.gives_a_number().then(|| Last { value, gradient: path.replay(wrt), within }))
        });
        if let Ok(Some(last)) = found {
            self.last = Some(last);
        }
    }
}
