//! Where signs cost least.
//!
//! A product or quotient that is asked for negated and not otherwise can be computed of a negated factor instead, and so
//! can those that it is a factor of. It is worth it where one negation, at the root of such a tree, stands for several.
//! The numbers are the same to the bit.

use super::{Slot, Trace};
use crate::prim::Numeric;

/// How a number is asked for, as bits: as it is, and negated.
const AS_IT_IS: u8 = 1;
const NEGATED: u8 = 2;

/// The numbers, by their index, that are better computed negated: their first factor is, or its negation is taken.
/// `given` are those that are asked for as they are.
pub(super) fn flipped<'s>(trace: &Trace, live: &[bool], given: impl Iterator<Item = &'s Slot>) -> Vec<bool> {
    let mut asked = vec![0_u8; live.len()];
    let ask = |asked: &mut [u8], slot: Slot, how: u8| {
        if !slot.is_constant() {
            asked[slot.index()] |= how;
        }
    };
    given.for_each(|slot| ask(&mut asked, *slot, AS_IT_IS));
    let mut flipped = vec![false; live.len()];
    let mut has_negation = vec![false; live.len()];
    for operation in trace.operations().rev() {
        let i = operation.result.index();
        match (operation.row, operation.operands) {
            _ if !live[i] => {}
            (Numeric::Neg, [x]) => {
                ask(&mut asked, *x, NEGATED);
                if !x.is_constant() {
                    has_negation[x.index()] = true;
                }
            }
            (Numeric::Mul | Numeric::Div, [factor, other]) if asked[i] == NEGATED => {
                flipped[i] = true;
                ask(&mut asked, *factor, NEGATED);
                ask(&mut asked, *other, AS_IT_IS);
            }
            (_, operands) => operands.iter().for_each(|slot| ask(&mut asked, *slot, AS_IT_IS)),
        }
    }
    // Of each flipped number the root of its tree, whose negation is taken; a constant's costs nothing.
    let mut roots: Vec<Option<usize>> = vec![None; live.len()];
    let mut gains: Vec<u32> = has_negation.iter().map(|has| u32::from(*has)).collect();
    for operation in trace.operations() {
        let i = operation.result.index();
        let factor = operation.operands.first().filter(|factor| flipped[i] && !factor.is_constant());
        roots[i] = factor.map(|factor| factor.index()).and_then(|factor| match flipped[factor] {
            true => roots[factor],
            false => Some(factor),
        });
        if let (Some(root), true) = (roots[i], has_negation[i]) {
            gains[root] += 1;
        }
    }
    for i in 0..flipped.len() {
        flipped[i] &= roots[i].is_none_or(|root| gains[root] > 1);
    }
    flipped
}
