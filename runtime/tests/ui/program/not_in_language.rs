use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (begin (set! x 2) x) };
    let _ = scheme! { (call/cc (lambda (return) (return x))) };
    let _ = scheme! { (call-with-current-continuation k) };
    let _ = scheme! { (display x) };
    let _ = scheme! { (define-syntax twice (syntax-rules () ((_ x) (* 2 x)))) };
    let _ = scheme! { (vector-set! v 0 1) };
    let _ = scheme! { (guard (e (#t 0)) (/ 1 x)) };
    let _ = scheme! { (+ x (delay y)) };
    let _ = scheme! { (define-record-type point) };
    let _ = scheme! { (* x eval) };
}
