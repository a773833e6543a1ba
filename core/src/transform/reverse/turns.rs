//! What the cotangents reach at each turn of a loop, from its last step on.
//!
//! The exits read some parameters of the last step; those that give these are reached a turn before, and so on: after some
//! turns it is the same at each. Until then a parameter that is not reached has the cotangent 0, which times a partial that
//! has overflowed would be nan, and it is in their last steps that states overflow. So the *first* turns of the sweep have
//! steps of their own, where nothing comes from what is not reached; what is on some paths only, as exits read
//! different parameters, goes with a truth value there.
//!
//! All turns are alike where partials that such cotangents meet are literals. Left out: loops whose first steps would come to more than
//! [`MAX_SIZE`] instructions, of which all turns are alike, too; and of cycles longer than there are such partials it is not told at which
//! of their turns what is reached: it goes with a truth value at each.

use super::{Passage, Steps, asked, reached};

/// What the active parameters have at a turn: no cotangent, or one, and whether it is reached on every path.
pub(super) type Turn = Vec<Option<bool>>;

/// The first steps of a loop are so many instructions together at the most, before they are pulled back.
const MAX_SIZE: usize = 500;

/// The turns of a loop's sweep before which a step is pulled back.
#[derive(Clone, Default)]
pub(super) struct Turns {
    /// The first ones, what they have being told apart.
    pub(super) first: Vec<Turn>,
    /// What any that follows has; none if that is as in all loops.
    pub(super) rest: Option<Turn>,
    /// Whether at those a cotangent that some paths do not reach meets a partial that may have overflowed.
    pub(super) parts: bool,
}

impl Turns {
    /// Of a loop's steps, by what is known to be reached.
    pub(super) fn of(steps: &Steps, passage: &Passage, passages: &[Passage]) -> Self {
        let mut passages = passages.to_vec();
        let overflows = asked::overflows(&steps.on, passage, &passages);
        if !overflows.contains(&true) {
            return Self::default();
        }
        let active = |given: Turn| -> Turn {
            given.into_iter().zip(&passage.active).map(|(given, active)| given.filter(|_| *active)).collect()
        };
        let exits = reached::seeds(&passage.useful, &passage.sure_results);
        let last = reached::given(&steps.off, 1 + passage.active.len(), &exits, &mut passages);
        let mut back = |turn: &Turn| active(reached::given(&steps.on, 1, turn, &mut passages));
        let mut turns = vec![active(last)];
        let again = loop {
            let next = turns.last().map(&mut back).unwrap_or_default();
            if let Some(at) = turns.iter().position(|turn| *turn == next) {
                break at;
            }
            // A long cycle is reached in part at each turn.
            if turns.len() > overflows.len() {
                break turns.len() - 1;
            }
            turns.push(next);
        };
        // What is reached at a turn or at any after it.
        let mut from = |turn: &Turn| {
            let mut all = turn.clone();
            loop {
                let more = either(&all, &back(&all));
                if more == all {
                    return all;
                }
                all = more;
            }
        };
        // However far back, some is reached on some paths only, and goes with a truth value: the first turns are those until there
        // is no more of that.
        let end = from(&turns[again]);
        let parts = |turn: &Turn| {
            (0..overflows.len()).map(|i| overflows[i] && turn[i] == Some(false)).collect::<Vec<_>>()
        };
        let n = (0..again).find(|n| parts(&from(&turns[*n])) == parts(&end)).unwrap_or(again);
        let rest = from(&turns[n]);
        let parts = parts(&rest).contains(&true);
        let never = (0..overflows.len()).any(|i| overflows[i] && passage.active[i] && rest[i].is_none());
        if n == 0 && !parts && !never || n.saturating_mul(steps.on.size()) > MAX_SIZE {
            return Self::default();
        }
        Self { first: turns[..n].to_vec(), rest: Some(rest), parts }
    }

    /// Whether a parameter is reached on some paths only where an overflow counts.
    pub(super) fn tells(&self, param: usize) -> bool {
        let rest = self.rest.iter().filter(|_| self.parts);
        self.first.iter().chain(rest).any(|turn| turn[param] == Some(false))
    }
}

/// What is reached at one of two turns.
fn either(a: &Turn, b: &Turn) -> Turn {
    let one = |(a, b): (&Option<bool>, &Option<bool>)| {
        (a.is_some() || b.is_some()).then(|| *a == Some(true) && *b == Some(true))
    };
    a.iter().zip(b).map(one).collect()
}
