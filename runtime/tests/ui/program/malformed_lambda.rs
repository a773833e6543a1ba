use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (lambda) };
    let _ = scheme! { (lambda (x)) };
    let _ = scheme! { (lambda (x 1) x) };
    let _ = scheme! { (lambda ((x 1)) x) };
    let _ = scheme! { (define (f x)) (f 1) };
    let _ = scheme! { (define (f 1) 2) (f 1) };
    let _ = scheme! { (+ 1 (define y 2)) };
}
