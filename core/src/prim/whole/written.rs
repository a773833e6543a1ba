//! The rule of derivatives as sums that are gone through both ways.
//!
//! It is written down as it is on the evaluator's tape: an entry for each sum of numbers times tangents, two terms to
//! an entry, of which the first may be the sum of those before. Gone through backward it does to each sum what the tape does, in
//! the tape's order.

use super::{Rule, Whole, tangents};
use crate::{prim::Numeric, real::Real};
use std::convert::Infallible;

/// A sum of two tangents, each times a number: those of operands, counted from 1, or of entries behind them; 0 is none.
type Entry<A> = [(u32, A); 2];

/// The rule of an operation at some operands.
///
/// ```
/// use scheme_core::prim::{Whole, whole::Written};
///
/// let (a, mut shares) = ([1.0, 2.0, 3.0, 4.0], [0.0; 4]);
/// let rule = Written::of(Whole::Det(2), &a, &[-2.0], [true; 4].into_iter());
/// rule.backward(rule.seeded([Some(1.0)].into_iter()), |i, share| shares[i] += share);
/// assert_eq!(shares, [4.0, -3.0, -2.0, 1.0]);
/// ```
#[derive(Debug)]
pub struct Written<A> {
    operands: u32,
    entries: Vec<Entry<A>>,
    /// The entries of the results, 0 where one does not move.
    results: Vec<u32>,
}

impl<A: Real> Written<A> {
    /// At these operands and results, for the operands that are to have cotangents.
    pub fn of(whole: Whole, x: &[A], y: &[A], passes: impl Iterator<Item = bool>) -> Self {
        let given: Vec<Option<u32>> = passes.zip(1..).map(|(passes, i)| passes.then_some(i)).collect();
        let mut rule = Self { operands: x.len() as u32, entries: Vec::new(), results: Vec::new() };
        let Ok(moves) = tangents(whole, x, y, &given, &mut rule);
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

    /// A cotangent for each entry, the results' being these.
    pub fn seeded<C: Clone>(&self, seeds: impl Iterator<Item = Option<C>>) -> Vec<Option<C>> {
        let mut sums = vec![None; self.entries.len()];
        for (entry, seed) in self.results.iter().zip(seeds) {
            if let Some(i) = self.index(*entry) {
                sums[i] = seed;
            }
        }
        sums
    }

    /// Passes cotangents on, to operands by their index.
    pub fn backward(&self, sums: Vec<Option<A>>, mut pass: impl FnMut(usize, A)) {
        let add = |sum: Option<A>, cotangent, by| {
            let share = cotangent * by;
            sum.map_or(share, |sum| sum + share)
        };
        self.pull(sums, add, |i, cotangent, by| pass(i, cotangent * by));
    }

    /// The same for cotangents of any kind: `add` gives a sum with a cotangent times a number, `pass` takes these two.
    pub(crate) fn pull<C: Copy>(
        &self,
        mut sums: Vec<Option<C>>,
        mut add: impl FnMut(Option<C>, C, A) -> C,
        mut pass: impl FnMut(usize, C, A),
    ) {
        for (n, entry) in self.entries.iter().enumerate().rev() {
            let Some(cotangent) = sums[n] else { continue };
            for (to, by) in entry.iter().filter(|(to, _)| *to != 0) {
                match self.index(*to) {
                    Some(i) => sums[i] = Some(add(sums[i], cotangent, *by)),
                    None => pass(*to as usize - 1, cotangent, *by),
                }
            }
        }
    }

    /// How the results move, where operands move so by their index.
    pub fn forward(&self, given: impl Fn(usize) -> Option<A>) -> Vec<Option<A>> {
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
