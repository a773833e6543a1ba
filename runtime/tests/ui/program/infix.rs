use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { x ** 2 };
    let _ = scheme! { (a + b) };
    let _ = scheme! { k * q1 * q2 / (r * r) };
    let _ = scheme! { (* 2 (x ^ 2)) };
    let _ = scheme! { (if (x == 1 && y != 2) 1 2) };
    let _ = scheme! { (% a 2) };
    let _ = scheme! { ((* 2 x) + 1) };
}
