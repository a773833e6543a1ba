use scheme_runtime::prelude::*;

fn main() {
    // A boolean has no derivative.
    let above = scheme! { (> x y) };
    let _ = grad(above).call([2.0, 1.0]);
}
