//! The steps of a loop, run again.

use crate::{
    anf::{Effects, Graph},
    transform::{captured, chosen, simplify::simplify_by},
};

/// What has to be kept of a loop's states so that the parameters that `reads` says are known at every step:
/// which parameters, and from all parameters to the next values of these, for a step that went `on`.
pub(super) fn replay(on: Graph, mut keeps: Vec<bool>) -> (Vec<bool>, Graph) {
    loop {
        let mut next = on.clone();
        next.body.results = chosen(on.body.results.get(1..).unwrap_or_default(), &keeps);
        let next = simplify_by(&next, Effects::Nothing);
        let used = captured(&[&next.body]);
        let needed: Vec<bool> =
            next.params.iter().zip(&keeps).map(|(param, kept)| *kept || used.contains(param)).collect();
        if needed == keeps {
            return (keeps, next);
        }
        keeps = needed;
    }
}
