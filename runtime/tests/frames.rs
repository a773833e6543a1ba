//! Recursion with long bodies, in code of all orders, on threads with little stack: a frame of such a body is larger
//! than what a check of the stack leaves, in a dev build most of all.
#![allow(deprecated, reason = "the compiler warns of counts, by which there is no derivative")]

use scheme_runtime::prelude::*;
use std::thread;

/// On a thread with so many KiB of stack.
fn with_stack<V: Send + 'static>(kib: usize, f: impl FnOnce() -> V + Send + 'static) -> V {
    let thread = thread::Builder::new().stack_size(kib << 10).spawn(f).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

const LEVELS: i32 = 200;

/// Of so many cubes a level.
macro_rules! cubes {
    ($count:literal) => {{
        let f = scheme! {
            (define (f n x)
              (if (< n 1) x (+ (vsum (cube (* x (linspace 0.1 1 $count)))) (f (- n 1) (* x 0.99)))))
            (lambda (n x) (f n x))
        };
        (f, $count)
    }};
}

/// A loop over so many numbers at each level; by nine numbers the gradient is taken in reverse mode.
macro_rules! loops {
    ($count:literal) => {
        scheme! {
            (define (step n v)
              (if (< n 1)
                  0
                  (+ (step (- n 1) (loop ((i 0) (v v)) (if (< i 3) (recur (+ i 1) (* 0.99 v)) v))) (vsum (* v v)))))
            (lambda (n x a b c d e f g) (step n (* a b c d e f g x (linspace 0.1 1 $count))))
        }
    };
}

/// A program of the first size; optimised, its frames are small and the code of third order would take minutes to
/// compile, so that it is of the second.
#[cfg(debug_assertions)]
macro_rules! sized {
    ($program:ident, $dev:literal, $optimised:literal) => {
        $program!($dev)
    };
}
#[cfg(not(debug_assertions))]
macro_rules! sized {
    ($program:ident, $dev:literal, $optimised:literal) => {
        $program!($optimised)
    };
}

#[test]
fn bodies_of_hundreds_of_terms() {
    // Stacks end at other places of a frame.
    for kib in [512, 600, 1500] {
        with_stack(kib, move || {
            let (f, terms) = sized!(cubes, 600, 16);
            // By x, so often.
            let exact = |order: usize| {
                let x = 0.3;
                let cube = [x * x * x, 3.0 * x * x, 6.0 * x, 6.0].get(order).copied().unwrap_or_default();
                let last = [x, 1.0, 0.0, 0.0].get(order).copied().unwrap_or_default();
                let scale = |k: i32| 0.1 + f64::from(k) * (0.9 / f64::from(terms - 1));
                let scales: f64 = (0..terms).map(|k| scale(k).powi(3)).sum();
                let factors: f64 = (0..LEVELS).map(|level| 0.99_f64.powi(3 * level)).sum();
                cube * scales * factors + last * 0.99_f64.powi(LEVELS)
            };
            let close = |found: Result<f64, Failure>, order: usize| {
                let (found, wanted) = (found.unwrap(), exact(order));
                assert!((found - wanted).abs() <= 1e-11 * wanted.abs(), "{found}, not {wanted}");
            };
            let x = [f64::from(LEVELS), 0.3];
            close(f.call(x), 0);
            close(grad(f).wrt(|v| v.x).call(x), 1);
            let second = hessian(f).wrt(|v| v.x);
            close(second.call(x), 2);
            close(grad(second).wrt(|v| v.x).call(x), 3);
        });
    }
}

/// Callers check for what checks nothing: a loop over many numbers, and its steps backwards.
#[test]
fn loops_over_many_numbers() {
    let f = sized!(loops, 40, 8);
    let x = [100.0, 0.3, 1.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0];
    let (y, d, dd): (f64, f64, f64) = with_stack(512, move || {
        let second = hessian(f).wrt(|v| v.x).call(x).unwrap();
        let third: f64 = grad(hessian(f).wrt(|v| v.x)).wrt(|v| v.x).call(x).unwrap();
        assert!(third.abs() < 1e-9, "{third}");
        let (y, [_, d, ..]) = value_and_grad(f).call(x).unwrap();
        (y, d, second)
    });
    // It is c x².
    assert!((y - 0.15 * d).abs() < 1e-12 * y && (y - 0.045 * dd).abs() < 1e-12 * y, "{y} {d} {dd}");
}
