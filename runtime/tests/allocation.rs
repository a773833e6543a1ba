//! Calls allocate nothing.

use scheme_runtime::{jacobian, prelude::*};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    hint::black_box,
};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: the system's allocator does the work; the count is a thread-local without a destructor.
#[expect(unsafe_code, reason = "an allocator is unsafe to implement")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: as asked of this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as asked of this function.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[track_caller]
fn allocates(times: usize, f: impl FnOnce()) {
    let before = COUNT.with(Cell::get);
    f();
    assert_eq!(COUNT.with(Cell::get) - before, times);
}

#[test]
fn calls_allocate_nothing() {
    let f = scheme! { (let ((d (- (* b b) (* 4 a c)))) (if (< d 0) (lgamma a) (/ (- (sqrt d) b) (* 2 a)))) };
    let x = black_box([1.0, 3.0, 2.0]);
    allocates(0, || {
        black_box(f.call(x));
        black_box(value_and_grad(f).call(x));
        black_box(hessian(f).wrt(|v| [v.a, v.c]).call(x));
        black_box(jacobian(hessian(f)).call(x));
        black_box(jvp(grad(f)).call((x, x)));
        black_box(vjp(f).call((x, 1.0)));
        black_box(f.call([1.0_f32, 3.0, 2.0]));
    });
}

#[test]
fn rows_allocate_what_they_give() {
    let f = scheme! { (* a (exp (* b c))) };
    let (a, mut y, mut g) = (vec![0.5; 100], vec![0.0; 100], vec![[0.0; 3]; 100]);
    allocates(0, || {
        let done = vmap(value_and_grad(f)).into_slices((&a, &a, 2.0), (&mut y, &mut g));
        black_box(done).expect("outputs that fit");
    });
    allocates(1, || {
        black_box(vmap(hessian(f)).call((&a, &a, 2.0))).expect("columns of one length");
    });
}
