use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (det a) };
}
