//! A program of numbers, ready to be called by position again and again.

use super::{
    CallError, Interpreter, StringProgram,
    describe::Replayed,
    names::{Role, listed},
};
use crate::{
    answer::Answer,
    paths::{Form, Path, Work},
    replay::{Broken, Gradient, Replay, Scratch},
};
use scheme_core::diag::{Code, Diagnostic};
use std::sync::Arc;

/// A program of numbers as a function of slices, from [`StringProgram::prepare`].
///
/// It answers as the program does, to the bit, and keeps what a call needs: names are looked up once, the path that the
/// last call took is tried first, and nothing is allocated where it is taken again. Other paths that the program knows are
/// tried after it. Each thread has its own.
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
    /// The path that was taken last for a value alone, and for one with its gradient.
    value: Option<Taken<Arc<Replay>>>,
    gradient: Option<Taken<Arc<Gradient>>>,
    scratch: Scratch,
    partials: Vec<f64>,
}

/// A path that gives a number, within the limits, and its code.
#[derive(Clone, Debug)]
struct Taken<C> {
    path: Arc<Path>,
    code: C,
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
            partials: vec![0.0; by.len()],
            program: self.clone(),
            x,
            wrt,
            value: None,
            gradient: None,
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

    /// What is known of the program's runs so far, as [`StringProgram::describe`].
    pub fn describe(&self) -> Replayed {
        self.program.describe()
    }

    /// Its value, a number, at so many numbers as there are inputs.
    ///
    /// # Errors
    /// As [`StringProgram::call`]; also a value that is no number, and fewer or more numbers than there are inputs.
    ///
    /// ```
    /// # use scheme_runtime::Interpreter;
    /// let f = Interpreter::new().load("(+ a (* 2 b) (* 3 c))")?;
    /// let mut f = f.prepare(&["a", "b", "c"], &[])?;
    /// assert_eq!(f.value(&[1.0, 1.0, 1.0])?, 6.0);
    /// let told = f.value(&[1.0]).unwrap_err().to_string();
    /// assert!(told.contains("`b`, `c` have no value"), "{told}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn value(&mut self, x: &[f64]) -> Result<f64, CallError> {
        self.place(x)?;
        let mut broken = None;
        if let Some(Taken { code, .. }) = &self.value {
            match code.value(&self.x, &mut self.scratch) {
                Ok([value, ..]) => return Ok(self.program.interpreter.rounded(*value)),
                Ok([]) => {}
                Err(found) => broken = Some(found),
            }
        }
        self.value_anew(broken)
    }

    /// Its value, a number, and the derivatives of it, at so many numbers as there are inputs.
    ///
    /// # Errors
    /// As [`StringProgram::value_and_grad`], and fewer or more numbers than there are inputs.
    #[inline]
    pub fn value_and_grad(&mut self, x: &[f64]) -> Result<(f64, &[f64]), CallError> {
        self.place(x)?;
        let mut broken = None;
        if let Some(Taken { code, .. }) = &self.gradient {
            match code.value_and_grad(&self.x, &mut self.scratch) {
                Ok((value, gradient)) => {
                    Self::give(&mut self.partials, &self.order, gradient);
                    return Ok((self.program.interpreter.rounded(value), &self.partials));
                }
                Err(found) => broken = Some(found),
            }
        }
        self.value_and_grad_anew(broken)
    }

    /// Puts a gradient in the order that was asked for.
    #[inline]
    fn give(partials: &mut [f64], order: &[usize], gradient: &[f64]) {
        for (to, from) in partials.iter_mut().zip(order) {
            *to = gradient.get(*from).copied().unwrap_or(0.0);
        }
    }

    #[inline]
    fn place(&mut self, x: &[f64]) -> Result<(), CallError> {
        if x.len() != self.places.len() {
            return Err(self.misfit(x.len()));
        }
        let Interpreter { single, .. } = self.program.interpreter;
        for (x, place) in x.iter().zip(&self.places) {
            if let Some(to) = self.x.get_mut(*place) {
                *to = if single { f64::from(*x as f32) } else { *x };
            }
        }
        Ok(())
    }

    /// That so many numbers are not as many as there are inputs.
    #[cold]
    fn misfit(&self, given: usize) -> CallError {
        let missing: Vec<String> = self.inputs.iter().skip(given).map(|name| format!("`{name}`")).collect();
        let (code, message) = match &missing[..] {
            [] => {
                let message = format!("{given} numbers were given, but it takes {}", self.inputs.len());
                (Code::Arity, message)
            }
            [name] => (Code::Unbound, format!("{name} has no value")),
            names => (Code::Unbound, format!("{} have no value", names.join(", "))),
        };
        let hint = listed("numbers", self.inputs.iter().map(String::as_str));
        self.program.error(Diagnostic::new(code, self.program.whole(), message).hint(hint))
    }

    #[cold]
    fn value_anew(&mut self, broken: Option<Broken>) -> Result<f64, CallError> {
        let Self { form, value: last, x, scratch, program, .. } = self;
        let call = |path: &Path, scratch: &mut Scratch| {
            let code = path.replay(&[]);
            let value = code.value(x, scratch)?.first().copied();
            Ok((value.unwrap_or(f64::NAN), code))
        };
        let found = Known { program, form, x, scratch }.followed(last, broken, Work::default(), call);
        if let Some(value) = found {
            return Ok(program.interpreter.rounded(value));
        }
        let given = self.named();
        if let Some(value) = self.program.call_with(&given)?.number() {
            return Ok(value);
        }
        // The machine says what it is instead.
        let (machine, value) =
            self.program.run(&self.program.given(&given, &[])?, &mut |_| Ok(Vec::new()))?;
        let hint = "take one number of it; `call` gives values of any form";
        Err(self.program.no_number(&machine, value, "a call by position gives", hint))
    }

    #[cold]
    fn value_and_grad_anew(&mut self, broken: Option<Broken>) -> Result<(f64, &[f64]), CallError> {
        let Self { form, gradient: last, x, wrt, order, partials, scratch, program, .. } = self;
        let call = |path: &Path, scratch: &mut Scratch| {
            let code = path.gradient(wrt);
            let (value, gradient) = code.value_and_grad(x, scratch)?;
            Self::give(partials, order, gradient);
            Ok((value, code))
        };
        let found = Known { program, form, x, scratch }.followed(last, broken, Work::ONCE, call);
        if let Some(value) = found {
            return Ok((program.interpreter.rounded(value), &self.partials));
        }
        let by: Vec<&str> = self.by.iter().map(String::as_str).collect();
        let (value, gradient) = self.program.value_and_grad_with(&by, &self.named())?;
        for (to, from) in self.partials.iter_mut().zip(gradient) {
            *to = from.number().unwrap_or(0.0);
        }
        Ok((value, &self.partials))
    }

    /// The call as the program takes it.
    fn named(&self) -> Vec<(&str, Answer)> {
        let number = |place: &usize| Answer::Number(self.x.get(*place).copied().unwrap_or(f64::NAN));
        self.inputs.iter().map(String::as_str).zip(self.places.iter().map(number)).collect()
    }
}

/// A call, and the paths that its program knows.
struct Known<'a> {
    program: &'a StringProgram,
    form: &'a Form,
    x: &'a [f64],
    scratch: &'a mut Scratch,
}

impl Known<'_> {
    /// What the call gives on the path that it takes, if that is known and serves. It becomes the last, which is known to
    /// be `broken` for this call.
    fn followed<C>(
        self,
        last: &mut Option<Taken<C>>,
        broken: Option<Broken>,
        work: Work,
        mut call: impl FnMut(&Path, &mut Scratch) -> Result<(f64, C), Broken>,
    ) -> Option<f64> {
        let Self { program, form, x, scratch } = self;
        let mut follow = |path: &Arc<Path>| {
            match (broken, &*last) {
                (Some(broken), Some(last)) if Arc::ptr_eq(path, &last.path) => return Err(broken),
                _ => {}
            }
            if path.gives_a_number() && path.is_within(&program.interpreter.limits, work) {
                let (value, code) = call(path, scratch)?;
                return Ok(Some((value, Taken { path: path.clone(), code })));
            }
            path.replay(&[]).value(x, scratch).map(|_| None)
        };
        let taken = form.find(|path| follow(path).map_err(|broken| broken.guard));
        let (value, taken) = taken.ok()??;
        *last = Some(taken);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use crate::Interpreter;

    /// Several paths, one of them of no number.
    const TEXT: &str = "(cond ((< x 0) (* x y)) ((< x 1) (sin x)) ((< x 2) 'large) (else (/ x y)))";

    #[test]
    fn it_goes_on_where_the_program_knows_the_path() {
        let program = Interpreter::new().load(TEXT).expect("it loads");
        let mut f = program.prepare(&["x", "y"], &["y", "x"]).expect("numbers");
        let points = [[-1.5, 2.0], [0.5, 3.0], [2.5, 0.75]];
        let wanted = points.map(|[x, y]| {
            let fresh = Interpreter::new().load(TEXT).expect("it loads");
            fresh.value_and_grad(&["y", "x"], &[("x", x), ("y", y)]).expect("a number")
        });
        for round in 0..4 {
            for (x, (value, gradient)) in points.iter().zip(&wanted) {
                let found = f.value_and_grad(x).expect("a number");
                assert_eq!(found, (*value, &gradient[..]), "round {round} at {x:?}");
                assert_eq!(f.value(x), Ok(*value), "round {round} at {x:?}");
                assert_eq!(f.clone().value(x), Ok(*value), "round {round} at {x:?}");
            }
            assert!(f.value(&[1.5, 1.0]).is_err() && f.value_and_grad(&[1.5, 1.0]).is_err());
        }
        assert!(f.describe().paths >= 3, "{}", f.describe());
        // What is followed is followed without the evaluator.
        for x in points.iter().cycle().take(7) {
            let steps = f.gradient.as_ref().map(|taken| taken.path.clone());
            f.value_and_grad(x).expect("a number");
            let now = f.gradient.as_ref().map(|taken| &taken.path);
            assert!(
                now.zip(steps.as_ref()).is_some_and(|(now, before)| !std::sync::Arc::ptr_eq(now, before))
            );
        }
    }

    #[test]
    fn what_is_no_number_and_what_is_not_given_is_said() {
        let load = |text| Interpreter::new().load(text).expect("it loads");
        let told = |text, x: &[f64]| {
            let mut f = load(text).prepare(&["a", "b"], &["a"]).expect("numbers");
            let [value, gradient] = [f.value(x).err(), f.value_and_grad(x).map(drop).err()];
            let [value, gradient] = [value, gradient].map(|error| error.expect("it fails").to_string());
            (value, gradient)
        };
        let (value, gradient) = told("(< a b)", &[1.0, 2.0]);
        let hint = "(hint: in arithmetic a truth value counts as 1 or 0: (* 1 test))";
        assert_eq!(
            value,
            format!("E0502 at 1:1: a call by position gives a number, but the program's value is #t {hint}")
        );
        assert!(gradient.contains("a gradient needs a number"), "{gradient}");
        for (x, what) in [
            (&[1.0][..], "E0302 at 1:1: `b` has no value (hint: its numbers are: a, b)"),
            (&[], "E0302 at 1:1: `a`, `b` have no value (hint: its numbers are: a, b)"),
            (&[0.0; 3], "E0401 at 1:1: 3 numbers were given, but it takes 2 (hint: its numbers are: a, b)"),
        ] {
            assert_eq!(told("(* a b)", x), (what.to_string(), what.to_string()));
        }
    }
}
