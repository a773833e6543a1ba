//! The calls of a replay, in every precision: slots are filled, swept and read.

use super::{
    Broken, Replay, Scratch, Sweeps,
    precision::{NOTHING, Precision, given, is_some},
    scratch::first,
    second::{self, Moving, UNREACHED},
    sweep::add,
};
use crate::Dual;

/// The cotangents of results.
#[derive(Clone, Copy)]
pub(super) enum Seeds<'a> {
    /// 1 for this one.
    One(usize),
    /// One for each.
    All(&'a [f64]),
}

impl Seeds<'_> {
    fn of(self, result: usize) -> Option<f64> {
        match self {
            Self::One(one) => (result == one).then_some(1.0),
            Self::All(seeds) => seeds.get(result).copied().map(given),
        }
    }
}

impl Replay {
    /// Computes all slots and the results, and partials if `derives`.
    pub(super) fn run<P: Precision>(
        &self,
        x: &[f64],
        derives: bool,
        scratch: &mut Scratch,
    ) -> Result<(), Broken> {
        let Scratch { values, pairs, results, .. } = scratch;
        let values = first(values, self.code.slots, 0.0);
        let (inputs, behind) = values.split_at_mut(self.inputs);
        let (given, missing) = inputs.split_at_mut(x.len().min(self.inputs));
        given.copy_from_slice(&x[..given.len()]);
        missing.fill(f64::NAN);
        behind[..self.constants.len()].copy_from_slice(&self.constants);
        let partials = derives.then(|| first(pairs, self.code.kept, [0.0; 2]));
        Sweeps::<P>::forward(&self.code, values, partials)?;
        results.clear();
        results.extend(self.results.iter().map(|slot| values[*slot as usize]));
        Ok(())
    }

    /// Adds to the derivatives those of what [`run`](Self::run) computed.
    pub(super) fn back<P: Precision>(&self, seeds: Seeds<'_>, scratch: &mut Scratch) {
        let Scratch { values, linear, pairs, derivatives, .. } = scratch;
        let cotangents = first(linear, self.code.slots, 0.0);
        let careful = self.chooses || (0..self.results.len()).any(|i| seeds.of(i).is_none());
        // To -0 anything may be added without a change, even a zero of either sign.
        cotangents.fill(if careful { NOTHING } else { -0.0 });
        for (i, slot) in self.results.iter().enumerate() {
            if let Some(seed) = seeds.of(i) {
                add::<P, true>(cotangents, *slot, P::read(seed));
            }
        }
        Sweeps::<P>::backward(&self.code, values, pairs, cotangents, careful);
        derivatives.extend(self.by_wrt(|i| cotangents[i]));
    }

    /// What is at the inputs that derivatives are taken by, 0 where there is nothing.
    fn by_wrt(&self, at: impl Fn(usize) -> f64) -> impl Iterator<Item = f64> {
        self.wrt.iter().map(move |i| match self.reached.get(*i) {
            Some(true) if is_some(at(*i)) => at(*i),
            _ => 0.0,
        })
    }

    /// Values and a gradient.
    pub(super) fn gradient<P: Precision>(
        &self,
        x: &[f64],
        seeds: Seeds<'_>,
        scratch: &mut Scratch,
    ) -> Result<(), Broken> {
        self.run::<P>(x, true, scratch)?;
        scratch.derivatives.clear();
        self.back::<P>(seeds, scratch);
        Ok(())
    }

    /// Values and tangents of all slots, where inputs move as `moves` says of those that derivatives are taken by.
    fn moving<P: Precision>(
        &self,
        x: &[f64],
        moves: impl Fn(usize) -> Option<f64>,
        scratch: &mut Scratch,
    ) -> Result<(), Broken> {
        self.run::<P>(x, true, scratch)?;
        let Scratch { values, linear, pairs, .. } = scratch;
        let tangents = first(linear, self.code.slots, 0.0);
        tangents[..self.code.first].fill(NOTHING);
        for (k, i) in self.wrt.iter().enumerate().filter(|(_, i)| **i < self.inputs) {
            tangents[*i] = moves(k).map_or(NOTHING, given);
        }
        Sweeps::<P>::tangents(&self.code, values, pairs, tangents);
        Ok(())
    }

    /// The same, and the tangents of the results.
    pub(super) fn tangents<P: Precision>(
        &self,
        x: &[f64],
        moves: impl Fn(usize) -> Option<f64>,
        scratch: &mut Scratch,
    ) -> Result<(), Broken> {
        self.moving::<P>(x, moves, scratch)?;
        let Scratch { linear, derivatives, .. } = scratch;
        let tangent = |slot: &u32| Some(linear[*slot as usize]).filter(|tangent| is_some(*tangent));
        derivatives.clear();
        derivatives.extend(self.results.iter().map(|slot| tangent(slot).unwrap_or(0.0)));
        Ok(())
    }

    /// The gradient where inputs move, and behind it how it moves.
    pub(super) fn moving_gradient<P: Precision>(
        &self,
        x: &[f64],
        result: usize,
        moves: impl Fn(usize) -> Option<f64>,
        scratch: &mut Scratch,
    ) -> Result<(), Broken> {
        self.moving::<P>(x, moves, scratch)?;
        let Scratch { values, linear, pairs, derivatives, .. } = scratch;
        let cotangents = first(pairs, self.code.slots, UNREACHED);
        cotangents.fill(UNREACHED);
        if let Some(slot) = self.results.get(result) {
            second::add(cotangents, *slot, Dual::<P>::constant(P::lit(1.0)));
        }
        second::backward::<P>(&self.code, Moving { values, tangents: linear }, cotangents);
        derivatives.clear();
        derivatives.extend(self.by_wrt(|i| cotangents[i][0]).chain(self.by_wrt(|i| cotangents[i][1])));
        Ok(())
    }

    /// The gradients of all results: backward, or forward if that is fewer sweeps.
    pub(super) fn gradients<P: Precision>(
        &self,
        x: &[f64],
        scratch: &mut Scratch,
    ) -> Result<Vec<f64>, Broken> {
        let (rows, columns) = (self.results.len(), self.wrt.len());
        if rows <= columns {
            self.run::<P>(x, true, scratch)?;
            scratch.derivatives.clear();
            (0..rows).for_each(|row| self.back::<P>(Seeds::One(row), scratch));
            return Ok(scratch.derivatives.clone());
        }
        let mut jacobian = vec![0.0; rows * columns];
        for column in 0..columns {
            self.tangents::<P>(x, |k| (k == column).then_some(1.0), scratch)?;
            let entries = jacobian.iter_mut().skip(column).step_by(columns);
            entries.zip(&scratch.derivatives).for_each(|(entry, tangent)| *entry = *tangent);
        }
        if columns == 0 {
            self.run::<P>(x, false, scratch)?;
        }
        Ok(jacobian)
    }
}
