use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (+ x car) };
    let _ = scheme! { (< x (> y 1)) };
    let _ = scheme! { (* x (lambda (y) y)) };
    let _ = scheme! { (define (f x) (* x 2)) (+ f 1) };
}
