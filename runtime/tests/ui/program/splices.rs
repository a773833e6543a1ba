use scheme_runtime::scheme;

fn main() {
    let rate = 0.5;
    let _ = scheme! { (* , rate x) };
    let _ = scheme! { (* ,rate-constant x) };
    let _ = scheme! { (* ,self x) };
    let _ = scheme! { (* ,@rate x) };
    let _ = scheme! { (quote (1 ,rate)) };
    let _ = scheme! { (* rate ,(+ 1 2)) };
}
