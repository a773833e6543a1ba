use scheme_runtime::scheme;

fn main() {
    let _ = scheme! { (* k (sqaure x)) };
    let _ = scheme! { (define (energy m v) (* 1/2 m v v)) (enrgy m v) };
    let _ = scheme! { (+ (ln x) (atan2 y x) (gamma-function x)) };
}
