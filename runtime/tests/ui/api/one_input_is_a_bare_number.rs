use scheme_runtime::prelude::*;

fn main() {
    // One input: the gradient is a plain number, no array.
    let f = scheme! { (* x x) };
    let [slope] = grad(f).call(2.0);
    let _ = slope;
}
