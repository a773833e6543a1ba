//! Runs of a program replayed, where they take a path that is known.
//!
//! The first run of a path goes through the evaluator alone, the second one is recorded, and those after it replay
//! its trace: the same values to the bit, and the same derivatives, without interpretation. A run that leaves the paths which
//! are known goes through the evaluator again. So do runs that fail, whose errors are the evaluator's; those that may not
//! be within the limits; those whose trace outgrows its own; and those whose value has no form of its own, being cut off as text.
//!
//! Paths belong to the form of the inputs, all that is no number in them included. Clones of a program share them, and threads do.

use super::{CallError, StringProgram, describe::Replayed, inputs::Given};
use crate::{
    answer::Answer,
    machine::Limits,
    paths::{Form, Forms, Path, Unfit, Work, Worth},
    replay::{Broken, Scratch},
};
use std::sync::Arc;

/// For how many forms of inputs paths are kept.
pub(super) const MOST_FORMS: usize = 8;

/// How many bytes the paths of all forms take at most.
const MOST_BYTES: u64 = 1 << 29;

/// What is known of a program's runs, by inputs of each form.
#[derive(Debug)]
pub(super) struct Traces(Forms<Vec<Answer>>);

impl Default for Traces {
    fn default() -> Self {
        Self(Forms::new(MOST_FORMS))
    }
}

impl Traces {
    /// What is known of runs on such inputs.
    pub(super) fn form(&self, given: &Given<'_>, limits: &Limits) -> Arc<Form> {
        let is_it = |inputs: &Vec<Answer>| {
            inputs.iter().zip(&given.all).all(|(known, (given, _))| known.is_alike(given))
        };
        self.0.form(is_it, || {
            // All forms together take no more than the record of one run may.
            let bytes = limits.trace_bytes.min(MOST_BYTES) as usize / MOST_FORMS;
            let inputs = given.all.iter().map(|(given, _)| (*given).clone()).collect();
            (inputs, Form::new(bytes, Worth { runs: 1, anew: true }))
        })
    }

    /// All of it in numbers.
    pub(super) fn described(&self) -> Replayed {
        let mut replayed = Replayed { forms_dropped: self.0.dropped(), ..Replayed::default() };
        self.0.each(|form| {
            let (paths, unfit) = form.described();
            for ([operations, guards, bytes], whole) in paths {
                replayed.whole |= whole;
                replayed.paths += 1;
                replayed.operations += operations;
                replayed.guards += guards;
                replayed.bytes += bytes;
            }
            match unfit {
                Some(Unfit::Long) => replayed.outgrown = true,
                Some(Unfit::Heavy) => replayed.heavy = true,
                Some(Unfit::Formless) => replayed.formless = true,
                None => {}
            }
        });
        replayed
    }
}

impl StringProgram {
    /// What `make` reads from a path that is known, by some of its inputs, at these, or recorded if that is worth it. Nothing where the
    /// evaluator may not do the `work` for it within the limits, or where that is none since it is to say what is wrong.
    pub(super) fn replayed<T>(
        &self,
        given: &Given<'_>,
        work: impl Fn(&Path) -> Option<Work>,
        make: impl FnMut(&Path, &[usize], &[f64], &mut Scratch) -> Result<T, Broken>,
    ) -> Option<T> {
        self.replayed_or_recorded(given, false, work, make)
    }

    /// The same, of a path that is recorded `anyway`, kept or not.
    pub(super) fn replayed_or_recorded<T>(
        &self,
        given: &Given<'_>,
        anyway: bool,
        work: impl Fn(&Path) -> Option<Work>,
        mut make: impl FnMut(&Path, &[usize], &[f64], &mut Scratch) -> Result<T, Broken>,
    ) -> Option<T> {
        let limits = &self.interpreter.limits;
        let form = self.traces.form(given, limits);
        let (x, wrt) = self.numbers(given);
        let mut follow = |path: &Arc<Path>| {
            let serves = work(path).is_some_and(|work| path.is_within(limits, work));
            let made = Scratch::with(|scratch| {
                if serves {
                    return make(path, &wrt, &x, scratch).map(Some);
                }
                // That another path does not serve says nothing of this run.
                path.replay(&[]).value(&x, scratch).map(|_| None)
            });
            made.map_err(|broken| broken.guard)
        };
        match form.find(&mut follow) {
            Ok(made) => made,
            Err(miss) => {
                let (_, path) = form.made(miss, 1, anyway, || self.recorded(given, &x))?;
                follow(&path).ok().flatten()
            }
        }
    }

    /// All numbers of the inputs, and which of them derivatives are taken by, in the order of `given.moving`.
    pub(super) fn numbers(&self, given: &Given<'_>) -> (Vec<f64>, Vec<usize>) {
        let (mut x, mut wrt) = (Vec::with_capacity(given.all.len()), vec![0; given.moving.len()]);
        for (value, first) in &given.all {
            let start = x.len();
            value.each_number(&mut |number| x.push(self.interpreter.rounded(number)));
            if let Some(places) = first.and_then(|first| wrt.get_mut(first..)) {
                places.iter_mut().zip(start..x.len()).for_each(|(place, i)| *place = i);
            }
        }
        (x, wrt)
    }

    /// The path of a run, recorded as the evaluator takes it.
    pub(super) fn recorded(&self, given: &Given<'_>, x: &[f64]) -> Result<Result<Path, Unfit>, CallError> {
        let mut first = 0;
        let moving = given.all.iter().map(|(value, _)| {
            let here = (*value, Some(first));
            value.each_number(&mut |_| first += 1);
            here
        });
        let moving = Given { all: moving.collect(), by: Vec::new(), moving: Vec::new() };
        let mut machine = self.machine();
        let value = self.run_on(&mut machine, &moving, &mut |machine| Ok(machine.record(x)))?;
        Ok(Path::of(&mut machine, value, self.interpreter.single, false))
    }
}
