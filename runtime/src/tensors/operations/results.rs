//! Results as tensors: each of its own, or side by side in one. Every row reaches them.

use super::{
    reached::Reach,
    recorder::Recorder,
    value::{Flat, Made, Rows, Value},
};
use crate::{tensors::Backend, vmap::Element};
use dfdx::shapes::Dtype;
use std::rc::Rc;

impl<E: Element + Dtype, D: Backend<E>> Recorder<E, D> {
    /// Results as tensors of so many rows, each of its own.
    pub(super) fn tensors(&mut self, results: &[Value<E, D>], rows: usize) -> Made<Vec<Flat<E, D>>, D> {
        let mut all: Vec<Rc<Rows<E, D>>> = Vec::new();
        for result in results {
            let mut found = self.spread(result, rows)?;
            if all.iter().any(|other| Rc::ptr_eq(other, &found)) {
                let copy = self.copy(&found)?;
                found = self.spread(&copy, rows)?;
            }
            found.reach.iter().for_each(Reach::everywhere);
            all.push(found);
        }
        Ok(all.into_iter().map(|rows| rows.tensor.clone()).collect())
    }

    /// Results side by side, those of a row after one another: as many for each of so many rows.
    pub(super) fn side_by_side(&mut self, results: &[Value<E, D>], rows: usize) -> Made<Flat<E, D>, D> {
        let all = self.beside(results, rows)?;
        let all = self.spread(&all, rows * results.len())?;
        all.reach.iter().for_each(Reach::everywhere);
        Ok(all.tensor.clone())
    }

    /// The same by halves, so that each result is moved no more often than their number can be halved.
    fn beside(&mut self, results: &[Value<E, D>], rows: usize) -> Made<Value<E, D>, D> {
        let width = results.len();
        let (left, right) = match results {
            [] => return Ok(Value::Number(E::lit(0.0))),
            [result] => return Ok(Value::Rows(self.spread(result, rows)?)),
            _ => results.split_at(width / 2),
        };
        let (from_left, from_right) = (self.beside(left, rows)?, self.beside(right, rows)?);
        // Where a half has nothing its first element stands, which is not chosen.
        let places = |count: usize, before: usize| {
            let place = move |row: usize, k: usize| match k.checked_sub(before) {
                Some(k) if k < count => row * count + k,
                _ => 0,
            };
            (0..rows).flat_map(|row| (0..width).map(move |k| place(row, k))).collect()
        };
        let from_left = self.gather(&from_left, &self.indices(places(left.len(), 0))?)?;
        let from_right = self.gather(&from_right, &self.indices(places(right.len(), left.len()))?)?;
        let holds: Vec<bool> = (0..rows * width).map(|i| i % width < left.len()).collect();
        self.choose(&self.truths(&holds)?, &from_left, &from_right)
    }
}
