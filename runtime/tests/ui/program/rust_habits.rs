use scheme_runtime::scheme;

fn main() {
    let _ = scheme!(|x| x * x);
    let _ = scheme!("(* k x)", 2.0);
    let _ = scheme! { (* 'a' 2) };
    let _ = scheme! { (let x = 2; x * x) };
    let _ = scheme! { x.sqrt() };
    let _ = scheme! { (a || b) };
    let _ = scheme! { (f x, y) };
    let _ = scheme! { (and (> x 0) && (< x 1)) };
}
