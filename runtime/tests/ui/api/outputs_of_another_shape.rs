use scheme_runtime::prelude::*;

fn main() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let x = [8.99, 1.0, 2.0, 0.5];
    let mut out = vec![0.0; 2];
    let q = vec![x[1]; 2];
    let _ = vmap(grad(coulomb)).into_slices((1.0, &q, 1.0, 1.0), &mut out);
}
