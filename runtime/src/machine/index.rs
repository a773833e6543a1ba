//! Indices and sizes: whole numbers within bounds.

use super::{Fault, Machine};
use crate::{heap::Full, value::Value};
use scheme_core::{diag::Code, real::Real};
use std::ops::Range;

impl Machine {
    /// An index of at most `most` into a `what` of that length.
    #[inline]
    pub(super) fn index(
        &self,
        k: Value,
        most: usize,
        what: &str,
        who: &str,
        at: u32,
    ) -> Result<usize, Box<Fault>> {
        let v = self.whole(k, "index", who, at)?;
        if v <= most as f64 { Ok(v as usize) } else { Err(self.past_the_end(k, what, most, who, at)) }
    }

    /// The index of one of `length` items.
    #[inline]
    pub(super) fn position(
        &self,
        k: Value,
        length: usize,
        what: &str,
        who: &str,
        at: u32,
    ) -> Result<usize, Box<Fault>> {
        let v = self.whole(k, "index", who, at)?;
        if v < length as f64 { Ok(v as usize) } else { Err(self.past_the_end(k, what, length, who, at)) }
    }

    /// From an optional start to before an optional end, within a `what` of that length.
    pub(super) fn range(
        &self,
        bounds: &[Value],
        length: usize,
        what: &str,
        who: &str,
        at: u32,
    ) -> Result<Range<usize>, Box<Fault>> {
        let bound = |k: Option<&Value>, default| match k {
            Some(k) => self.index(*k, length, what, who, at),
            None => Ok(default),
        };
        let (start, end) = (bound(bounds.first(), 0)?, bound(bounds.get(1), length)?);
        if start <= end {
            return Ok(start..end);
        }
        let message = format!("`{who}` starts at index {start}, which is after its end at {end}");
        Err(self.fault(Code::OutOfDomain, message, at))
    }

    /// How many items are to be made: a whole number that the limit of memory allows, charged as steps.
    pub(super) fn count(&mut self, n: Value, who: &str, at: u32) -> Result<usize, Box<Fault>> {
        let v = self.whole(n, "size", who, at)?;
        if v > self.heap.limit() as f64 {
            return Err(self.memory(Full { cells: v as usize }, at));
        }
        self.charge(v as u64)?;
        Ok(v as usize)
    }

    /// A size, however large.
    pub(super) fn size(&self, n: Value, who: &str, at: u32) -> Result<usize, Box<Fault>> {
        Ok(self.whole(n, "size", who, at)? as usize)
    }

    #[inline]
    pub(super) fn whole(&self, k: Value, what: &str, who: &str, at: u32) -> Result<f64, Box<Fault>> {
        let v = self.settled(k);
        // Of a small one, as nearly all are, a conversion tells it faster.
        let is_small = f64::from(v as u32) == v;
        if k.is_number() && (is_small || v.is_integer() && v >= 0.0) {
            Ok(v)
        } else {
            Err(self.not_whole(k, what, who, at))
        }
    }

    #[cold]
    pub(super) fn not_whole(&self, k: Value, what: &str, who: &str, at: u32) -> Box<Fault> {
        if !k.is_number() {
            return self.not_a(who, &format!("a number as {what}"), k, at);
        }
        let message = format!("`{who}` takes a whole number from 0 as {what}, not {}", self.write(k));
        self.fault(Code::OutOfDomain, message, at)
    }

    #[cold]
    pub(super) fn past_the_end(
        &self,
        index: Value,
        what: &str,
        length: usize,
        who: &str,
        at: u32,
    ) -> Box<Fault> {
        let index = self.write(index);
        let message = format!("`{who}` goes past the end of the {what}: index {index}, length {length}");
        self.fault(Code::OutOfDomain, message, at).hint("positions are counted from 0")
    }
}
