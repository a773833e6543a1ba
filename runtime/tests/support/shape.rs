//! Numbers in a shape, for programs that are told apart only by their inputs.

use scheme_runtime::{Of, Shape};

/// The numbers in the shape; what they do not reach is 0.
pub(crate) fn shaped<S: Shape>(numbers: &[f64]) -> Of<S, f64> {
    let mut data = S::fill(0.0);
    for (i, x) in numbers.iter().enumerate() {
        if let Some(place) = S::get_mut(&mut data, i) {
            *place = *x;
        }
    }
    data
}

/// The numbers of a shape, from the left.
pub(crate) fn flat<S: Shape>(data: &Of<S, f64>) -> Vec<f64> {
    (0..S::LEN).filter_map(|i| S::get(data, i).copied()).collect()
}
