//! The text of operations.

use scheme_core::prim::Whole;

/// An operation, its text, and how many elements it takes and gives.
const TEXTS: &[(Whole, &str, usize, usize)] = &[
    (Whole::Product { m: 2, n: 3, p: 4 }, "product 2 3 4", 18, 8),
    (Whole::Product { m: 1, n: 0, p: 1 }, "product 1 0 1", 0, 1),
    (Whole::Det(3), "det 3", 9, 1),
    (Whole::Logdet(3), "logdet 3", 9, 1),
    (Whole::Cofactors(3), "cofactors 3", 9, 9),
    (Whole::Inv(3), "inv 3", 9, 9),
    (Whole::Solve { n: 3, columns: 2 }, "solve 3 2", 15, 6),
    (Whole::Cholesky(3), "cholesky 3", 9, 9),
    (Whole::Det(0), "det 0", 0, 1),
];

#[test]
fn operations_have_a_text_that_is_read_back_and_know_their_sizes() {
    for &(whole, text, operands, results) in TEXTS {
        assert_eq!(whole.to_string(), text);
        assert_eq!(Whole::parse(text), Some(whole));
        assert_eq!((whole.operands(), whole.results()), (operands, results), "{text}");
    }
}

#[test]
fn other_texts_are_no_operations() {
    for text in [
        "",
        "product",
        "product 2 3",
        "product 2 3 4 5",
        "product 2 x 4",
        "dot 1 2 3",
        "product 2  3 4",
        "det",
        "det 1 2",
        "inv -1",
        "solve 3",
    ] {
        assert_eq!(Whole::parse(text), None, "{text}");
    }
}

#[test]
fn elements_that_are_missing_or_too_many_give_nan() {
    for &(whole, text, operands, results) in TEXTS {
        for given in [operands + 1, operands.saturating_sub(1)] {
            let mut out = vec![0.0f64; results];
            whole.apply(&vec![1.0; given], &mut out);
            assert!(given == operands || out.iter().all(|x| x.is_nan()), "{text} of {given}");
        }
    }
}

#[test]
fn sizes_beyond_what_can_be_counted_are_no_panic() {
    let most = u32::MAX;
    for whole in
        [Whole::Product { m: most, n: most, p: most }, Whole::Det(most), Whole::Solve { n: most, columns: 0 }]
    {
        let mut out = [0.0f64];
        whole.apply(&[1.0], &mut out);
        assert!(out[0].is_nan(), "{whole}");
    }
}
