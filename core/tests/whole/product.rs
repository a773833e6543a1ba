//! Products have the bits of sums of products from the left.

use crate::matrix::Random;
use scheme_core::prim::Whole;

/// As `dot` computes it.
fn dot(terms: impl Iterator<Item = f64>) -> f64 {
    terms.reduce(|sum, term| sum + term).unwrap_or(0.0)
}

#[test]
fn elements_are_dots_of_rows_and_columns() {
    let mut random = Random::new(1);
    for (m, n, p) in
        [(1, 1, 1), (1, 7, 1), (2, 3, 4), (4, 3, 2), (5, 1, 5), (20, 20, 20), (2, 0, 3), (0, 2, 2), (2, 2, 0)]
    {
        let (a, b) = (random.matrix(m, n), random.matrix(n, p));
        let mut product = vec![f64::NAN; m * p];
        let whole = Whole::Product { m: m as u32, n: n as u32, p: p as u32 };
        whole.apply(&[a.clone(), b.clone()].concat(), &mut product);
        for (i, j) in (0..m).flat_map(|i| (0..p).map(move |j| (i, j))) {
            let expected = dot((0..n).map(|k| a[i * n + k] * b[k * p + j]));
            assert_eq!(product[i * p + j].to_bits(), expected.to_bits(), "{m} {n} {p}: {i} {j}");
        }
    }
}

#[test]
fn a_first_term_is_taken_as_it_is() {
    let mut zero = [1.0f64];
    Whole::Product { m: 1, n: 1, p: 1 }.apply(&[-1.0, 0.0], &mut zero);
    assert_eq!(zero[0].to_bits(), (-0.0f64).to_bits());
}
