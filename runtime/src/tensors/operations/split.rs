//! Rows divided by the way that each takes, and put together again.

use super::{
    recorder::{Indices, Recorder},
    value::{Made, Value},
};
use crate::{tensors::Backend, vmap::Element};
use dfdx::{
    shapes::Dtype,
    tensor::{HasErr, Storage},
};
use std::rc::Rc;

/// Which rows of the whole batch are run together, rising.
pub(super) type Batch = Rc<[usize]>;

/// The rows of a batch that go one way.
pub(super) struct Side<D: HasErr + Storage<usize>> {
    pub(super) batch: Batch,
    /// Where they are in the batch that was divided.
    pub(super) from: Indices<D>,
    /// For each row of that batch, where it is among these, if it is.
    to: Indices<D>,
}

impl<E: Element + Dtype, D: Backend<E>> Recorder<E, D> {
    /// The rows of a batch for which something holds, and the others.
    pub(super) fn divide(&self, holds: &[bool], batch: &Batch) -> Made<[Side<D>; 2], D> {
        let side = |way: bool| {
            let places = holds.iter().enumerate().filter(|(_, holds)| **holds == way).map(|(i, _)| i);
            let from: Vec<usize> = places.collect();
            let rows = from.iter().filter_map(|i| batch.get(*i).copied()).collect();
            // Rows of the other side read the first one's, which is not chosen.
            let mut next = 0..;
            let to = holds.iter().map(|holds| if *holds == way { next.next().unwrap_or(0) } else { 0 });
            Ok(Side { batch: rows, to: self.indices(to.collect())?, from: self.indices(from)? })
        };
        Ok([side(true)?, side(false)?])
    }

    /// These rows of each value.
    pub(super) fn gather_all(
        &mut self,
        values: &[Value<E, D>],
        rows: &Indices<D>,
    ) -> Made<Vec<Value<E, D>>, D> {
        values.iter().map(|value| self.gather(value, rows)).collect()
    }

    /// What both sides gave, row by row that of the side taken: the first where the test is true.
    pub(super) fn together(
        &mut self,
        test: &Value<E, D>,
        [(on, then), (off, els)]: [(&Side<D>, &[Value<E, D>]); 2],
    ) -> Made<Vec<Value<E, D>>, D> {
        let both = |(a, b): (&Value<E, D>, &Value<E, D>)| {
            let a = self.gather(a, &on.to)?;
            let b = self.gather(b, &off.to)?;
            self.choose(test, &a, &b)
        };
        then.iter().zip(els).map(both).collect()
    }
}
