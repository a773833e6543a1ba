//! The two ways through a tape: forward with tangents, backward with cotangents.
//!
//! Both are written once, for machine numbers and for numbers that outer derivatives see.

use super::WIDTH;
use scheme_core::real::Real;
use std::convert::Infallible;

/// What a sweep needs of an entry.
pub(super) struct Step<A> {
    pub(super) operands: [u32; WIDTH],
    pub(super) partials: [A; WIDTH],
}

/// A number for each entry that was reached.
pub(super) struct Sums<A> {
    sums: Vec<A>,
    reached: Vec<bool>,
}

impl<A: Real> Sums<A> {
    /// Zeros for the entries up to `top`.
    fn new(top: u32) -> Self {
        let n = top as usize + 1;
        Self { sums: vec![A::lit(0.0); n], reached: vec![false; n] }
    }

    fn add(&mut self, entry: u32, share: A) {
        let n = entry as usize;
        if let (true, Some(sum), Some(reached)) = (n != 0, self.sums.get_mut(n), self.reached.get_mut(n)) {
            *sum = if *reached { *sum + share } else { share };
            *reached = true;
        }
    }

    /// The number of an entry, unless nothing reached it.
    pub(super) fn get(&self, entry: u32) -> Option<A> {
        let n = entry as usize;
        if *self.reached.get(n)? { self.sums.get(n).copied() } else { None }
    }
}

/// Cotangents of the entries up to `top`, from those of some.
pub(super) fn backward<A: Real>(
    top: u32,
    cotangents: impl IntoIterator<Item = (u32, A)>,
    step: impl Fn(u32) -> Step<A>,
) -> Sums<A> {
    let Ok(sums) = watched(top, cotangents, step, |_, _, _| Ok::<(), Infallible>(()));
    sums
}

/// The first entry on the way back that passes on what is not finite though what came to it is, and what it passes
/// on.
pub(super) fn first_not_finite(
    top: u32,
    cotangents: impl IntoIterator<Item = (u32, f64)>,
    step: impl Fn(u32) -> Step<f64>,
) -> Option<(u32, f64)> {
    let finite = |sums: &Sums<f64>, n, operand| match sums.get(operand).filter(|sum| !sum.is_finite()) {
        Some(sum) => Err((n, sum)),
        None => Ok(()),
    };
    watched(top, cotangents, step, finite).err()
}

/// The same, shown to `look` with an entry and its operand whenever something was passed from one to the other.
#[inline]
fn watched<A: Real, E>(
    top: u32,
    cotangents: impl IntoIterator<Item = (u32, A)>,
    step: impl Fn(u32) -> Step<A>,
    look: impl Fn(&Sums<A>, u32, u32) -> Result<(), E>,
) -> Result<Sums<A>, E> {
    let mut sums = Sums::new(top);
    for (entry, cotangent) in cotangents {
        sums.add(entry, cotangent);
    }
    for n in (1..=top).rev() {
        let Some(cotangent) = sums.get(n) else { continue };
        let Step { operands, partials } = step(n);
        for (operand, partial) in operands.into_iter().zip(partials) {
            if operand != 0 {
                sums.add(operand, cotangent * partial);
                look(&sums, n, operand)?;
            }
        }
    }
    Ok(sums)
}

/// Tangents of the entries up to `top`, from those of inputs that move.
pub(super) fn forward<A: Real>(
    top: u32,
    tangents: impl IntoIterator<Item = (u32, A)>,
    step: impl Fn(u32) -> Step<A>,
) -> Sums<A> {
    let mut sums = Sums::new(top);
    for (entry, tangent) in tangents {
        sums.add(entry, tangent);
    }
    for n in 1..=top {
        let Step { operands, partials } = step(n);
        for (operand, partial) in operands.into_iter().zip(partials) {
            if let (true, Some(tangent)) = (operand != 0, sums.get(operand)) {
                sums.add(n, tangent * partial);
            }
        }
    }
    sums
}
