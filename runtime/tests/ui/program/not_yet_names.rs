use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (grad f) };
    let _ = scheme! { (: r (vec 3)) };
    let _ = scheme! { (* x (param k 1)) };
    let _ = scheme! { (det a) };
}
