//! The value and the gradient of a record's first result, by the shorter of two codes.
//!
//! One sweeps what was recorded, forward and back. The other is what those sweeps compute, written out
//! ([`Trace::with_gradient`](scheme_core::trace::Trace::with_gradient)) and run forward: the same bits, and what is computed more than once, in the program or for its
//! derivative, is computed once. To write it takes as long as some hundred sweeps, so that it is done for what is called often.

use super::{Broken, Replay, Scratch};
use scheme_core::trace::Record;
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// After how many calls it is written out. Tests have both codes soon.
const ENOUGH: usize = if cfg!(test) { 1 } else { 256 };

/// The most operations of a record that is written out.
const LONG: usize = 1 << 14;

/// Whether so many operations, run forward, take less than so many that are swept: one that is swept takes as long as 13/4,
/// and to turn round as long as 8. Measured (`benches/README.md`, "Replay").
fn is_shorter(written: usize, swept: usize) -> bool {
    4 * written <= 13 * swept + 32
}

/// A value and its gradient.
#[derive(Debug)]
pub(crate) struct Gradient {
    record: Arc<Record>,
    swept: Arc<Replay>,
    calls: AtomicUsize,
    /// Code that gives the gradient behind the results, if that is shorter.
    written: OnceLock<Option<Replay>>,
}

impl Gradient {
    /// That of a record, by the inputs that its code derives by.
    pub(crate) fn new(record: Arc<Record>, swept: Arc<Replay>) -> Self {
        Self { record, swept, calls: AtomicUsize::new(0), written: OnceLock::new() }
    }

    /// The value and the gradient.
    ///
    /// # Errors
    /// The first guard that does not hold.
    #[inline]
    pub(crate) fn value_and_grad<'s>(
        &self,
        x: &[f64],
        scratch: &'s mut Scratch,
    ) -> Result<(f64, &'s [f64]), Broken> {
        match self.written.get() {
            Some(Some(written)) => self.forward(written, x, scratch),
            Some(None) => self.swept.value_and_grad(x, 0, scratch),
            None => {
                // Once; other threads do not wait for it.
                if self.calls.fetch_add(1, Relaxed) == ENOUGH {
                    self.written.get_or_init(|| self.write());
                }
                self.swept.value_and_grad(x, 0, scratch)
            }
        }
    }

    fn forward<'s>(
        &self,
        written: &Replay,
        x: &[f64],
        scratch: &'s mut Scratch,
    ) -> Result<(f64, &'s [f64]), Broken> {
        written.value(x, scratch)?;
        if written.single {
            // A partial may be a constant of the record, which no operation has rounded.
            scratch.results.iter_mut().for_each(|x| *x = f64::from(*x as f32));
        }
        let (values, gradient) =
            scratch.results.split_at_checked(self.record.results().len()).unwrap_or_default();
        Ok((values.first().copied().unwrap_or(f64::NAN), gradient))
    }

    #[cold]
    fn write(&self) -> Option<Replay> {
        let Self { record, swept, .. } = self;
        // Operations on whole matrices are run as such by the sweeps alone.
        if record.len() > LONG || record.wholes().len() > 0 {
            return None;
        }
        let written = record.trace()?.with_gradient(0, swept.wrt())?;
        if !is_shorter(written.len(), record.len()) {
            return None;
        }
        let replay = Replay::new(&written, &[]);
        Some(if swept.single { replay.single() } else { replay })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scheme_core::{
        prim::Numeric,
        trace::{Slot, Trace},
    };

    /// The sum of so many `(sin (/ y (+ e 1)))`, as it is recorded.
    fn repeated(times: usize) -> Trace {
        let mut trace = Trace::new(2);
        let [y, e] = [0, 1].map(Slot::value);
        let mut sum = trace.constant(0.1);
        for _ in 0..times {
            let one = trace.constant(1.0);
            let divisor = trace.push(Numeric::Add, &[e, one], 0);
            let ratio = trace.push(Numeric::Div, &[y, divisor], 0);
            let wave = trace.push(Numeric::Sin, &[ratio], 0);
            sum = trace.push(Numeric::Add, &[sum, wave], 0);
        }
        trace.give(vec![sum]);
        trace
    }

    /// A filter with its own gain, which is a recurrence.
    fn filtered(times: usize) -> Trace {
        let mut trace = Trace::new(2);
        let [y, e] = [0, 1].map(Slot::value);
        let one = trace.constant(1.0);
        let gain = trace.push(Numeric::Div, &[one, e], 0);
        let filtered = (0..times).fold(y, |x, i| {
            let datum = trace.constant(i as f64 * 0.25);
            let off = trace.push(Numeric::Sub, &[datum, x], 0);
            let part = trace.push(Numeric::Mul, &[gain, off], 0);
            trace.push(Numeric::Add, &[x, part], 0)
        });
        trace.give(vec![filtered]);
        trace
    }

    /// A power of a power, so many times: nothing of it is shared, and its partials are long.
    fn powers(times: usize) -> Trace {
        let mut trace = Trace::new(2);
        let [x, y] = [0, 1].map(Slot::value);
        let power = (0..times).fold(x, |x, _| trace.push(Numeric::Expt, &[x, y], 0));
        trace.give(vec![power]);
        trace
    }

    #[test]
    fn what_is_shorter_is_written_out_and_gives_the_same() {
        let traces = [repeated(50), repeated(2000), filtered(300), powers(9)];
        for (trace, out) in traces.into_iter().zip([true, true, true, false]) {
            for single in [false, true] {
                let swept = Replay::new(&trace, &[1, 0]);
                let swept = if single { swept.single() } else { swept };
                let gradient = Gradient::new(Arc::new(trace.clone().into()), Arc::new(swept.clone()));
                let (mut one, mut other) = (Scratch::new(), Scratch::new());
                let wanted = swept.value_and_grad(&[0.5, 3.25], 0, &mut one);
                for _ in 0..2 * ENOUGH + 2 {
                    assert_eq!(gradient.value_and_grad(&[0.5, 3.25], &mut other), wanted);
                }
                assert_eq!(gradient.written.get().map(Option::is_some), Some(out));
            }
        }
    }
}
