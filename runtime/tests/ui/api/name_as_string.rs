use scheme_runtime::prelude::*;

fn main() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let x = [8.99, 1.0, 2.0, 0.5];
    let _ = grad(coulomb).wrt(|_| "k").call(x);
}
