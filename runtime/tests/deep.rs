//! Long loops and deep recursion, on threads with little stack, within the memory that the tape may take.
#![allow(deprecated, reason = "the compiler warns of counts, by which there is no derivative")]

use scheme_runtime::{__private::with_memory, Code, prelude::*};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};

/// Counts the bytes that are alive, and the most that ever were.
struct Counting;

static ALIVE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn count(bytes: usize) {
    MOST.fetch_max(ALIVE.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: the system's allocator does everything; nothing else is done but to count.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        ALIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may be alive while the one is copied to the other.
        count(size);
        ALIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// On a thread with 512 KiB of stack.
fn small<V: Send + 'static>(f: impl FnOnce() -> V + Send + 'static) -> V {
    let thread = thread::Builder::new().stack_size(512 << 10).spawn(f).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The most bytes that `f` had at once. Such tests are one function, since others would be counted in.
fn most(f: impl FnOnce()) -> usize {
    let before = ALIVE.load(Relaxed);
    MOST.store(before, Relaxed);
    f();
    MOST.load(Relaxed) - before
}

/// Calls whose leaves are short loops: of so many, all runs together outgrow any memory. By nine numbers the gradient is
/// taken in reverse mode, as in other tests here that are about what that keeps.
fn short_runs_share_the_memory() {
    let f = scheme! {
        (define (fib n x)
          (if (< n 2)
              (loop ((y x) (j 0)) (if (< j 30) (recur (sin (* 1.1 y)) (+ j 1)) y))
              (+ (fib (- n 1) x) (fib (- n 2) x))))
        (lambda (n x a b c d e f g) (fib n (* a b c d e f g x)))
    };
    let x = [20.0, 0.7, 1.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0];
    let of = |states, all| {
        let mut result = None;
        let most = most(|| result = Some(with_memory(states, all, || value_and_grad(f).call(x))));
        (result.unwrap(), most)
    };
    let (wanted, unthinned) = of(1 << 30, 1 << 30);
    let slack = 1 << 18; // For the tests beside this one.
    for states in [0, 1 << 10, 1 << 18, 1 << 20] {
        let all = 2 << 20;
        let (found, most) = of(states, all);
        assert_eq!(found, wanted, "{states} bytes");
        assert!(most <= 2 * all + slack && most < unthinned, "{most} bytes, {unthinned} unthinned");
    }
    for all in [0, 1 << 10, 1 << 18] {
        let (found, most) = of(all, all);
        let failure = found.unwrap_err();
        assert_eq!(failure.code, Code::Tape);
        assert!(failure.message.contains("512 MiB"), "{}", failure.message);
        assert!(most <= 2 * all + slack, "{most} bytes of {all}");
    }
}

#[test]
fn ten_million_iterations_and_a_hundred_thousand_levels() {
    let most = most(|| {
        small(|| {
            let f = scheme! {
                (lambda (x r a b c d e f g)
                  (loop ((x (* x a b c d e f g)) (i 0)) (if (< i 10000000) (recur (* r x (- 1 x)) (+ i 1)) x)))
            };
            let (y, [dx, dr, ..]): (f64, [f64; 9]) =
                value_and_grad(f).call([0.3, 2.5, 1.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0]);
            // The fixed point 1 - 1/r, which does not depend on the start.
            assert!(
                (y - 0.6).abs() < 1e-12 && dx.abs() < 1e-12 && (dr - 0.16).abs() < 1e-12,
                "{y} {dx} {dr}"
            );
            let two = scheme! {
                (lambda (x r) (loop ((x x) (i 0)) (if (< i 10000000) (recur (* r x (- 1 x)) (+ i 1)) x)))
            };
            let (y2, [dx2, dr2]): (f64, [f64; 2]) = value_and_grad(two).call([0.3, 2.5]);
            assert!(y2 == y && dx2.abs() < 1e-12 && (dr2 - dr).abs() < 1e-12, "{y2} {dx2} {dr2}");
        });
    });
    assert!(most <= 64 << 20, "{most} bytes");
    small(short_runs_share_the_memory);
    small(|| {
        let f = scheme! {
            (define (sum n x) (if (< n 1) 0 (+ (* n x) (sum (- n 1) x))))
            (lambda (n x) (sum n x))
        };
        let n = 100_000.0;
        let (y, [_, dx]) = value_and_grad(f).call([n, 0.5]).unwrap();
        assert_eq!((y, dx), (n * (n + 1.0) / 4.0, n * (n + 1.0) / 2.0));
        assert_eq!(f.call([n, 0.5]), Ok(y));
        assert_eq!(jvp(f).call(([n, 0.5], [0.0, 1.0])), Ok((y, dx)));
        assert_eq!(hessian(f).wrt(|v| v.x).call([n, 0.5]), Ok(0.0));
    });
}

/// Of a small function two levels share a frame: the last is the first of its frame or the second.
#[test]
fn levels_that_share_frames() {
    small(|| {
        let tree = scheme! {
            (define (tree n x) (if (< n 1) x (+ (tree (- n 1) x) (tree 0 x))))
            (lambda (n x) (tree n x))
        };
        let down = scheme! {
            (define (down n x) (if (< n 1) (if (< x 0) (error "below" x) x) (+ x (down (- n 1) x))))
            (lambda (n x) (down n x))
        };
        for n in [0.0, 1.0, 2.0, 3.0, 100_000.0, 100_001.0] {
            let (y, slope) = (2.0 * (n + 1.0), n + 1.0);
            assert_eq!(tree.call([n, 2.0]), Ok(y), "{n}");
            assert_eq!(down.call([n, 2.0]), Ok(y), "{n}");
            assert_eq!(value_and_grad(tree).call([n, 2.0]), Ok((y, [0.0, slope])), "{n}");
            assert_eq!(jvp(down).call(([n, 2.0], [0.0, 1.0])), Ok((y, slope)), "{n}");
            let failure = down.call([n, -2.0]).unwrap_err();
            assert_eq!((failure.code, &*failure.message), (Code::Raised, "below -2"), "{n}");
        }
        assert_eq!(tree.call([1e12, 2.0]).unwrap_err().code, Code::Depth);
    });
}

#[test]
fn recursion_without_end_is_an_error() {
    small(|| {
        let f = scheme! {
            (define (down x) (if (> x 2) x (+ 1 (down (* x 0.5)))))
            (lambda (x) (down x))
        };
        let failure = f.call(1.0).unwrap_err();
        assert_eq!((failure.code, failure.line), (Code::Depth, line!() - 4));
    });
}

#[test]
fn gradients_do_not_depend_on_the_memory() {
    let f = scheme! {
        (define (inner x n) (loop ((y x) (j 0)) (if (< j n) (recur (sin (* 1.1 y)) (+ j 1)) y)))
        (define (walk n x) (if (< n 1) (inner x 20) (* 0.9 (walk (- n 1) (+ x (inner x n))))))
        (lambda (x a b c d e f g h)
          (loop ((x (* x b)) (v (* a c d e f g h)) (i 0))
            (if (< i 500) (recur (+ x (* 0.01 v)) (- v (* 0.01 (inner x 50))) (+ i 1)) (+ x (walk 7 v)))))
    };
    let x = [0.7, 0.2, 1.0, 2.0, 0.5, 1.0, 1.0, 1.0, 1.0];
    let wanted = value_and_grad(f).call(x).unwrap();
    for bytes in [0, 1 << 10, 1 << 14, 1 << 20] {
        assert_eq!(with_memory(bytes, 512 << 20, || value_and_grad(f).call(x)), Ok(wanted), "{bytes} bytes");
    }
}
