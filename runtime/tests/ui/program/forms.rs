use scheme_runtime::scheme;

fn main() {
    // `recur` out of place.
    let _ = scheme! { (recur x) };
    let _ = scheme! { (loop ((n x)) (+ 1 (recur (- n 1)))) };
    let _ = scheme! { (loop ((n x)) (if (> n 0) (recur n n) n)) };
    // Names before they are defined, and defined twice.
    let _ = scheme! { (define a (* b 2)) (define b x) (+ a b) };
    let _ = scheme! { (define-values (a b) (values x 1)) (define a 2) (+ a b) };
    // Types of what is no input, no types, and a declaration inside.
    let _ = scheme! { (: rate real) (* rte x) };
    let _ = scheme! { (: f (-> real real)) (define (f x) x) (f y) };
    let _ = scheme! { (: v (vec n)) (vsum v) };
    let _ = scheme! { (: x number) (+ 1 (: x real)) };
    // Learnable constants.
    let _ = scheme! { (* (param k 2) (param k 3)) };
    let _ = scheme! { (let ((k x)) (param k 1)) };
    let _ = scheme! { (* x (param k 5 0 1)) };
    let _ = scheme! { (* x (param k)) };
    // Several values, and choices.
    let _ = scheme! { (let-values ((a b) (values x 1)) (+ a b)) };
    let _ = scheme! { (case-lambda) };
    let _ = scheme! { (soft-if x 1 2 0.5) };
    // The prelude.
    let _ = scheme! { (fold + (list x 1)) };
    let _ = scheme! { (flter positive? (list x)) };
}
