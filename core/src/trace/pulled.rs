//! Traces with all their results pulled back at once.

use super::{Slot, Trace};
use crate::prim::{Numeric, Scalar};

impl Trace {
    /// The trace that takes a cotangent for each result behind its inputs, and gives its results and behind them
    /// the gradient, by the inputs `wrt`, of the sum of results times cotangents; under the same guards.
    ///
    /// With one result and the cotangent 1 the gradient has the bits of [`with_gradient`](Self::with_gradient), and `None` is
    /// given where that gives it, or a result is a truth value.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    ///
    /// let (mut trace, x, y) = (Trace::new(2), Slot::value(0), Slot::value(1));
    /// let product = trace.push(Numeric::Mul, &[x, y], 0);
    /// trace.give(vec![product, x]);
    /// let pulled = trace.with_cotangents(&[0, 1]).expect("numbers");
    /// assert_eq!(pulled.evaluate(&[3.0, 5.0, /* cotangents */ 1.0, 10.0]), Ok(vec![15.0, 3.0, 15.0, 3.0]));
    /// ```
    pub fn with_cotangents(&self, wrt: &[usize]) -> Option<Self> {
        let known = wrt.iter().all(|i| *i < self.inputs());
        if !known || self.results.iter().any(|slot| self.scalar(*slot) == Scalar::Bool) {
            return None;
        }
        let cotangents = u32::try_from(self.results.len()).ok()?;
        let mut weighted = Self::new(self.inputs.checked_add(cotangents)?);
        let mut slots: Vec<Slot> = (0..self.inputs).map(Slot::value).collect();
        let at = |weighted: &mut Self, slots: &[Slot], slot: Slot| match self.constant_at(slot) {
            Some(x) => weighted.constant(x),
            None => slots[slot.index()],
        };
        for operation in self.operations() {
            let operands: Vec<Slot> =
                operation.operands.iter().map(|slot| at(&mut weighted, &slots, *slot)).collect();
            slots.push(weighted.push(operation.row, &operands, operation.place));
        }
        for guard in &self.guards {
            let slot = at(&mut weighted, &slots, guard.slot);
            weighted.guards.push(super::Guard { slot, ..*guard });
        }
        let mut results: Vec<Slot> =
            self.results.iter().map(|slot| at(&mut weighted, &slots, *slot)).collect();
        let products = results
            .clone()
            .into_iter()
            .zip(self.inputs..)
            .map(|(result, cotangent)| weighted.push(Numeric::Mul, &[Slot::value(cotangent), result], 0));
        let products: Vec<Slot> = products.collect();
        let sum = products.into_iter().reduce(|sum, product| weighted.push(Numeric::Add, &[sum, product], 0));
        results.push(sum.unwrap_or_else(|| weighted.constant(0.0)));
        weighted.give(results);
        let mut pulled = weighted.with_gradient(self.results.len(), wrt)?;
        pulled.results.remove(self.results.len());
        Some(pulled.merged())
    }
}
