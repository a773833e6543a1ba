use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (lambda (x y x) (* x y)) };
    let _ = scheme! { (let ((a 1) (a 2)) a) };
    let _ = scheme! { (define k 1) (define k 2) (* k x) };
    let _ = scheme! { (define (f a a) a) (f 1 2) };
}
