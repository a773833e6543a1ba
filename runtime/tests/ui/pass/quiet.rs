//! What is fine is not warned of.
#![deny(warnings)]
use scheme_runtime::{Function, Program, scheme};

#[test]
fn quiet() {
    // Names with signs in them.
    let names = scheme! { (+ mass-1 g/L x->y env-lookup a? b! c* <limit>) };
    // Inputs without a derivative, or unused, on purpose.
    let gated = scheme! { (if (> (stop-gradient t) t0) (* a t) (* a t0)) };
    let ignored = scheme! { (lambda (x _y) (* x x)) };
    // Shadowed names.
    let shadowed = scheme! { (let ((x 1) (sin cos)) (let ((x (+ x 1)) (list x)) (sin list))) };
    // Names one edit apart that are both inputs, or differ in a digit.
    let close = scheme! { (define rate1 2) (* rates ratez rate1 rate2) };
    let sources = [names.source(), gated.source(), ignored.source(), shadowed.source(), close.source()];
    assert!(sources.iter().all(|source| source.starts_with('(')));
    assert_eq!(ignored.call([1.0, 2.0]), 1.0);
}
