use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (2 x) };
    let _ = scheme! { (* k (1/2 v)) };
    let _ = scheme! { ("exp" x) };
    let _ = scheme! { ((* a b) c) };
    let _ = scheme! { (#t x) };
    let _ = scheme! { (let ((k 3)) (k x)) };
    let _ = scheme! { (+ x ()) };
}
