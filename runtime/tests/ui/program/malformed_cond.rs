use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (cond) };
    let _ = scheme! { (cond x) };
    let _ = scheme! { (cond ((> x 0) 1) (else)) };
    let _ = scheme! { (cond (else 1) ((> x 0) 2)) };
    let _ = scheme! { (if x) };
    let _ = scheme! { (if x 1 2 3) };
    let _ = scheme! { (case x (1 2) (else 3)) };
    let _ = scheme! { (if (> x 0) then 1 else 2) };
    let _ = scheme! { (when) };
}
