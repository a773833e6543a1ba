use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { sin(x) };
    let _ = scheme! { (+ exp(x) 1) };
    let _ = scheme! { f(x, y) };
    let _ = scheme! { (define f(x) (* x x)) (f 2) };
    let _ = scheme! { (* a max(b, c)) };
}
