use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* x #| never closed 2) };
    let _ = scheme! { (* x #;) };
    let _ = scheme! { (quote) };
    let _ = scheme! { (a . b . c) };
    let _ = scheme! { (f . x) };
    let _ = scheme! { #foo };
}
