use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* rate-a rate_a x) };
    let _ = scheme! { (+ x! x? x) };
}
