use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (grad f) };
    let _ = scheme! { (det a) };
}
