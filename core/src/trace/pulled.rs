//! Records with all their results pulled back at once.

use super::{Guard, Record, Slot, Step, derived::derived, record::View};
use crate::prim::{Numeric, Scalar};

impl Record {
    /// The record that takes a cotangent for each result behind its inputs, and gives its results and behind them
    /// the gradient, by the inputs `wrt`, of the sum of results times cotangents; under the same guards. Products are written out.
    ///
    /// With one result and the cotangent 1 the gradient has the bits of [`with_gradient`](Self::with_gradient), and `None` is
    /// given where that gives it, or a result is a truth value.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Record, Slot, Trace}};
    ///
    /// let (mut trace, x, y) = (Trace::new(2), Slot::value(0), Slot::value(1));
    /// let product = trace.push(Numeric::Mul, &[x, y], 0);
    /// trace.give(vec![product, x]);
    /// let pulled = Record::from(trace).with_cotangents(&[0, 1]).expect("numbers");
    /// assert_eq!(pulled.evaluate(&[3.0, 5.0, /* cotangents */ 1.0, 10.0]), Ok(vec![15.0, 3.0, 15.0, 3.0]));
    /// ```
    pub fn with_cotangents(&self, wrt: &[usize]) -> Option<Self> {
        pulled(self.without_products().view(), wrt)
    }
}

fn pulled(record: View<'_>, wrt: &[usize]) -> Option<Record> {
    let trace = record.trace;
    let known = wrt.iter().all(|i| *i < trace.inputs());
    if !known || trace.results.iter().any(|slot| trace.scalar(*slot) == Scalar::Bool) {
        return None;
    }
    let cotangents = u32::try_from(trace.results.len()).ok()?;
    let mut weighted = Record::new(trace.inputs.checked_add(cotangents)?);
    let mut slots: Vec<Slot> = (0..trace.inputs).map(Slot::value).collect();
    let at = |weighted: &mut Record, slots: &[Slot], slot: Slot| match trace.constant_at(slot) {
        Some(x) => weighted.constant(x),
        None => slots[slot.index()],
    };
    for step in record.steps() {
        let (Step::Operation(operation) | Step::Whole(_, operation)) = step;
        let operands: Vec<Slot> =
            operation.operands.iter().map(|slot| at(&mut weighted, &slots, *slot)).collect();
        match step {
            Step::Operation(_) => slots.push(weighted.push(operation.row, &operands, operation.place)),
            Step::Whole(whole, _) => {
                let first = weighted.push_whole(whole, &operands, operation.place).index() as u32;
                slots.extend((first..).take(whole.results()).map(Slot::value));
            }
        }
    }
    for guard in &trace.guards {
        let slot = at(&mut weighted, &slots, guard.slot);
        weighted.trace.guards.push(Guard { slot, ..*guard });
    }
    let mut results: Vec<Slot> = trace.results.iter().map(|slot| at(&mut weighted, &slots, *slot)).collect();
    let products = results
        .clone()
        .into_iter()
        .zip(trace.inputs..)
        .map(|(result, cotangent)| weighted.push(Numeric::Mul, &[Slot::value(cotangent), result], 0));
    let products: Vec<Slot> = products.collect();
    let sum = products.into_iter().reduce(|sum, product| weighted.push(Numeric::Add, &[sum, product], 0));
    results.push(sum.unwrap_or_else(|| weighted.constant(0.0)));
    weighted.give(results);
    let mut pulled = derived(weighted.view(), trace.results.len(), wrt)?;
    pulled.trace.results.remove(trace.results.len());
    Some(pulled.merged())
}
