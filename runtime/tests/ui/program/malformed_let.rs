use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (let) };
    let _ = scheme! { (let ((x))) };
    let _ = scheme! { (let ((x 1))) };
    let _ = scheme! { (let (x 1) (* x x)) };
    let _ = scheme! { (let ((x 1 2)) x) };
    let _ = scheme! { (let ((3 x)) x) };
    let _ = scheme! { (let* x y) };
    let _ = scheme! { (let [x 1] x) };
}
