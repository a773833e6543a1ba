use scheme_runtime::scheme;

fn main() {
    let _ = scheme! {
        a = 1
        (* a x)
    };
    let _ = scheme! { x := 2 (* x x) };
    let _ = scheme! { f(x) = (* x x) };
    let _ = scheme! { (lambda (x) y = 2 (* x y)) };
}
