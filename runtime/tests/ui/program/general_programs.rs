use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (car (list x y)) };
    let _ = scheme! { (if (eq? (quote a) (quote b)) x 1) };
    let _ = scheme! { (> x 1) };
    let _ = scheme! { (lambda (x) (lambda (y) (* x y))) };
    let _ = scheme! { (if (even? x) 1 2) };
    let _ = scheme! { (if (> x 0) 1 #f) };
    let _ = scheme! { (define (f . xs) (apply + xs)) (f x y) };
    let _ = scheme! { (if (> x 0) (error "positive") x) };
}
