#![deny(warnings)]
use scheme_runtime::{Function, Program, scheme};

fn main() {
    // Without a derivative.
    let f = scheme! { (if (> t t0) (* a t) 0) };
    let g = scheme! {
        (define (stairs height)
          (floor height))
        (* 2 (stairs x))
    };
    // Unused.
    let h = scheme! { (lambda (k q1 q2 r) (* k (/ q1 (* r r)))) };
    let i = scheme! { return x };
    // Operations without spaces.
    let j = scheme! { (+ x**2 (* a b-c)) };
    let k = scheme! { (- -x b c) };
    let n = scheme! { a=1 (* a x) };
    // A slip of the keyboard.
    let l = scheme! { (define velocity 3) (* velocty m) };
    // In a text.
    let m = scheme!("(* a\n   (> x 0))");
    println!("{f:?} {g:?} {h:?} {i:?} {j:?} {k:?} {l:?} {m:?} {n:?} {:?}", f.warnings());
    println!("{}", f.call([1.0, 0.5, 2.0]));
}
