use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (grad f) };
    let _ = scheme! { (* x (param k 1)) };
    let _ = scheme! { (det a) };
}
