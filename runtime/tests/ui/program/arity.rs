use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* k (sqrt x y)) };
    let _ = scheme! { (expt x) };
    let _ = scheme! { (define (f a b) (+ a b)) (f x) };
    let _ = scheme! { ((lambda (a) (* a a)) x y) };
    let _ = scheme! { (- (max)) };
}
