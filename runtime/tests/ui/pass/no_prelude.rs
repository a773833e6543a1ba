//! The emitted code takes nothing from the user's scope.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings)]

#[::std::prelude::v1::test]
fn no_prelude() {
    use ::scheme_runtime::Function as _;
    let k = 2.0;
    let f = ::scheme_runtime::scheme! { (* ,k (if (> x 0) (exp (- x)) +inf.0) (/ y 1/3)) };
    let y: f64 = ::scheme_runtime::grad(f).wrt(|v| v.y).call([1.0, 2.0]);
    ::std::assert!(y > 0.0);
    let f = ::scheme_runtime::scheme! { (let loop ((i 0) (g x)) (if (= i 3) g (loop (+ i 1) (* g g)))) };
    let y: f64 = ::scheme_runtime::grad(f).call(2.0);
    ::std::assert!(y == 1024.0);
}
