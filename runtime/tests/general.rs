//! Inline programs that need general values.

use scheme_runtime::prelude::*;

#[test]
fn lists() {
    let f = scheme! { (let ((l (list x (* x y) y))) (apply + (cdr l))) };
    assert_eq!(f.call([2.0, 3.0]), Ok(9.0));
    assert_eq!(grad(f).call([2.0, 3.0]), Ok([3.0, 3.0]));
}

#[test]
fn failures_have_places() {
    let f = scheme! { (if (> x 0) (car x) (error "negative:" x)) };
    let failure = f.call(-1.0).unwrap_err();
    assert_eq!((failure.line, failure.column), (line!() - 2, 43));
    let text = format!("E0901 at {}:43: negative: -1", failure.line);
    assert_eq!(failure.to_string(), text);
}
