use scheme_runtime::prelude::*;

fn main() {
    angle! {
        let coulomb = scheme!<(* k (/ (* q1 q2) (* r r)))>;
    }
    assert_eq!(coulomb.call([8.99, 1.0, 2.0, 0.5]), 71.92);
    assert_eq!(grad(coulomb).call([8.99, 1.0, 2.0, 0.5]), [8.0, 71.92, 35.96, -287.68]);
}
