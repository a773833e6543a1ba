//! The table's rule of derivatives of operations on whole matrices, as sums that are gone through both ways.
//!
//! The rule is written down as it is on the evaluator's tape: an entry for each sum of numbers times tangents, two terms to
//! an entry, of which the first may be the sum of those before. Gone through backward it does to each sum what the tape does, in
//! the tape's order.

use super::code::Wide;
use scheme_core::{
    prim::{
        Numeric, Whole,
        whole::{self, Rule},
    },
    real::Real,
};
use std::convert::Infallible;

/// A sum of two tangents, each times a number: those of operands, counted from 1, or of entries behind them; 0 is none.
type Entry<A> = [(u32, A); 2];

/// The rule of an operation at some operands.
pub(crate) struct Written<A> {
    operands: u32,
    entries: Vec<Entry<A>>,
    /// The entries of the results, 0 where one does not move.
    results: Vec<u32>,
}

impl<A: Real> Written<A> {
    /// At the numbers that `read` gives of slots, where the results are from slot `at` on.
    pub(super) fn at(whole: Whole, operands: &[Wide], read: impl Fn(usize) -> A, at: usize) -> Self {
        let x: Vec<A> = operands.iter().map(|x| read(x.slot as usize)).collect();
        let y: Vec<A> = (at..at + whole.results()).map(&read).collect();
        Self::of(whole, &x, &y, operands.iter().map(|x| x.passes))
    }

    /// At these operands and results, for the operands that are to have cotangents.
    pub(crate) fn of(whole: Whole, x: &[A], y: &[A], passes: impl Iterator<Item = bool>) -> Self {
        let given: Vec<Option<u32>> = passes.zip(1..).map(|(passes, i)| passes.then_some(i)).collect();
        let mut rule = Self { operands: x.len() as u32, entries: Vec::new(), results: Vec::new() };
        let Ok(moves) = whole::tangents(whole, x, y, &given, &mut rule);
        let one = A::lit(1.0);
        rule.results =
            moves.into_iter().map(|by| by.map_or(0, |by| rule.entry([(by, one)].into_iter()))).collect();
        rule
    }

    fn entry(&mut self, terms: impl Iterator<Item = (u32, A)>) -> u32 {
        let (zero, one) = ((0, A::lit(0.0)), A::lit(1.0));
        let (mut entry, mut used) = ([zero; 2], 0);
        for term in terms {
            if used == entry.len() {
                // The sum so far is a term of the next entry.
                entry = [(self.push(entry), one), zero];
                used = 1;
            }
            entry[used] = term;
            used += 1;
        }
        if used == 0 { 0 } else { self.push(entry) }
    }

    fn push(&mut self, entry: Entry<A>) -> u32 {
        self.entries.push(entry);
        self.operands + self.entries.len() as u32
    }

    /// The index of an entry, if it is one.
    fn index(&self, of: u32) -> Option<usize> {
        of.checked_sub(self.operands + 1).map(|i| i as usize)
    }

    /// A sum for each entry, the results' being these.
    pub(crate) fn seeded(&self, seeds: impl Iterator<Item = Option<A>>) -> Vec<Option<A>> {
        let mut sums = vec![None; self.entries.len()];
        for (entry, seed) in self.results.iter().zip(seeds) {
            if let Some(i) = self.index(*entry) {
                sums[i] = seed;
            }
        }
        sums
    }

    /// Passes cotangents on, to operands by their index.
    pub(crate) fn backward(&self, mut sums: Vec<Option<A>>, mut pass: impl FnMut(usize, A)) {
        for (n, entry) in self.entries.iter().enumerate().rev() {
            let Some(cotangent) = sums[n] else { continue };
            for (to, by) in entry.iter().filter(|(to, _)| *to != 0) {
                let share = cotangent * *by;
                match self.index(*to) {
                    Some(i) => sums[i] = Some(sums[i].map_or(share, |sum| sum + share)),
                    None => pass(*to as usize - 1, share),
                }
            }
        }
    }

    /// How the results move, where operands move so by their index.
    pub(super) fn forward(&self, given: impl Fn(usize) -> Option<A>) -> Vec<Option<A>> {
        let mut moves: Vec<Option<A>> = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let mut sum = None;
            for (of, by) in entry.iter().filter(|(of, _)| *of != 0) {
                let tangent = self.index(*of).map_or_else(|| given(*of as usize - 1), |i| moves[i]);
                if let Some(tangent) = tangent {
                    let share = tangent * *by;
                    sum = Some(sum.map_or(share, |sum: A| sum + share));
                }
            }
            moves.push(sum);
        }
        self.results.iter().map(|of| self.index(*of).and_then(|i| moves[i])).collect()
    }
}

impl<A: Real> Rule for Written<A> {
    type Number = A;
    type Tangent = u32;
    type Error = Infallible;

    fn literal(&mut self, x: f64) -> A {
        A::lit(x)
    }

    fn row(&mut self, row: Numeric, operands: &[A]) -> Result<A, Infallible> {
        Ok(row.on(operands))
    }

    fn whole(&mut self, whole: Whole, operands: &[A]) -> Result<Vec<A>, Infallible> {
        Ok(whole.on(operands))
    }

    fn sum(&mut self, a: &u32, b: &u32) -> Result<u32, Infallible> {
        let one = A::lit(1.0);
        Ok(self.entry([(*a, one), (*b, one)].into_iter()))
    }

    fn scaled(&mut self, by: &A, tangent: &u32) -> Result<u32, Infallible> {
        Ok(self.entry([(*tangent, *by)].into_iter()))
    }

    fn terms<'a>(&mut self, terms: impl Iterator<Item = (&'a A, &'a u32)>) -> Result<Option<u32>, Infallible>
    where
        A: 'a,
    {
        let entry = self.entry(terms.map(|(by, tangent)| (*tangent, *by)));
        Ok((entry != 0).then_some(entry))
    }
}
