//! Inline programs that need general values.

use scheme_runtime::prelude::*;

#[test]
fn lists() {
    let f = scheme! {
        (let loop ((n 3) (l (list)))
          (if (= n 0) (apply + l) (loop (- n 1) (cons (* n x y) l))))
    };
    assert_eq!(f.call([2.0, 3.0]), Ok(36.0));
    assert_eq!(grad(f).call([2.0, 3.0]), Ok([18.0, 12.0]));
}

#[test]
fn failures_have_places() {
    let f = scheme! { (if (> x 0) (car x) (error "negative:" x)) };
    let failure = f.call(-1.0).unwrap_err();
    assert_eq!((failure.line, failure.column), (line!() - 2, 43));
    let text = format!("E0901 at {}:43: negative: -1", failure.line);
    assert_eq!(failure.to_string(), text);
}
