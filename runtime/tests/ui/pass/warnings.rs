//! Warnings are deprecations: they do not stop a build, and are allowed as such.
#![deny(warnings)]
use scheme_runtime::{Function, Program, scheme};

#[test]
#[allow(deprecated)]
fn warnings() {
    let f = scheme! { (if (> t t0) (* a t) 0) };
    assert_eq!(f.call([1.0, 0.5, 2.0]), 2.0);
    let [warning] = f.warnings() else { panic!("{:?}", f.warnings()) };
    assert_eq!(warning.code.as_str(), "W0501");
    assert!(warning.message.contains("`t0`"));
    assert_eq!((warning.line, warning.column), (8, 32));
}
