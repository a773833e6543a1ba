use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (define (f x) (define k x)) (f x) };
    let _ = scheme! { (define a (* b 2)) (define b 3) (+ a x) };
    let _ = scheme! { (define) };
    let _ = scheme! { (define 3 x) };
    let _ = scheme! { (define (f x) (* 2 x) (define k 3)) (f x) };
    let _ = scheme! { (lambda (x) (* x y)) };
}
