use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* x 1e999) };
    let _ = scheme! { (* x -2e308) };
    let _ = scheme! { (+ 0xff x) };
    let _ = scheme! { (+ 1_000 x) };
    let _ = scheme! { (+ 1.5f64 x) };
    let _ = scheme! { (+ 1.2.3 x) };
    let _ = scheme! { (* 2x y) };
    let _ = scheme! { (* 1/0 x) };
    let _ = scheme!("(* x 1e999)");
}
