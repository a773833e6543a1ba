//! General vectors: rows of values that never change.

use super::{Fault, Machine};
use crate::{
    heap::Full,
    value::{Value, View},
};

impl Machine {
    /// A fresh vector.
    pub(super) fn new_vector(&mut self, items: &[Value], at: u32) -> Result<Value, Box<Fault>> {
        self.charge(items.len() as u64)?;
        self.heap.vector(items).map_err(|full| self.memory(full, at))
    }

    fn vector_row(&self, vector: Value, who: &str, at: u32) -> Result<u32, Box<Fault>> {
        match vector.view() {
            View::Vector(row) => Ok(row),
            _ => Err(self.not_a(who, "a general vector", vector, at)),
        }
    }

    pub(super) fn vector_length(&self, vector: Value, who: &str, at: u32) -> Result<u32, Box<Fault>> {
        Ok(self.heap.row_len(self.vector_row(vector, who, at)?))
    }

    pub(super) fn vector_ref(
        &self,
        vector: Value,
        k: Value,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let row = self.vector_row(vector, who, at)?;
        let k = self.position(k, self.heap.row_len(row) as usize, "vector", who, at)?;
        Ok(self.heap.item(row, k as u32))
    }

    pub(super) fn make_vector(
        &mut self,
        n: Value,
        item: Value,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let n = self.count(n, who, at)?;
        self.new_vector(&vec![item; n], at)
    }

    /// The items from an optional start to before an optional end.
    pub(super) fn part_of_vector(
        &mut self,
        vector: Value,
        bounds: &[Value],
        who: &str,
        at: u32,
    ) -> Result<Vec<Value>, Box<Fault>> {
        let row = self.vector_row(vector, who, at)?;
        let range = self.range(bounds, self.heap.row_len(row) as usize, "vector", who, at)?;
        self.charge(range.len() as u64)?;
        Ok(self.heap.items(row).get(range).unwrap_or_default().to_vec())
    }

    pub(super) fn vector_append(
        &mut self,
        vectors: &[Value],
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let mut items = Vec::new();
        for vector in vectors {
            let row = self.vector_row(*vector, who, at)?;
            let cells = items.len() + self.heap.row_len(row) as usize;
            if cells > self.heap.limit() {
                return Err(self.memory(Full { cells }, at));
            }
            self.charge(u64::from(self.heap.row_len(row)))?;
            items.extend_from_slice(self.heap.items(row));
        }
        self.heap.vector(&items).map_err(|full| self.memory(full, at))
    }

    pub(super) fn vector_fill(
        &mut self,
        vector: Value,
        item: Value,
        bounds: &[Value],
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let mut items = self.part_of_vector(vector, &[], who, at)?;
        let range = self.range(bounds, items.len(), "vector", who, at)?;
        items.get_mut(range).unwrap_or_default().fill(item);
        self.new_vector(&items, at)
    }
}
