use scheme_runtime::prelude::*;

fn main() {
    let _ = grad(|x: f64| x * x).call(2.0);
}
