//! An allocator that counts the bytes in use: of all threads, and of each with the most it came to.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::atomic::{AtomicIsize, Ordering},
};

static ALL: AtomicIsize = AtomicIsize::new(0);

thread_local! {
    static HERE: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

/// To be the `#[global_allocator]` of a test.
pub(crate) struct Counting;

fn count(bytes: isize) {
    ALL.fetch_add(bytes, Ordering::Relaxed);
    let here = HERE.get() + bytes;
    HERE.set(here);
    MOST.set(MOST.get().max(here));
}

// SAFETY: the system's allocator does the work; the counts have no destructors and allocate nothing.
#[expect(unsafe_code, reason = "an allocator is unsafe to implement")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as asked of this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as asked of this function.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as asked of this function.
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as asked of this function.
        unsafe { System.dealloc(place, layout) }
    }
}

/// The bytes that all threads together have in use.
pub(crate) fn in_use() -> isize {
    ALL.load(Ordering::Relaxed)
}

/// What a run gives, and the most bytes that it had in use at once on this thread.
pub(crate) fn most_in_use<R>(run: impl FnOnce() -> R) -> (R, usize) {
    let before = HERE.get();
    MOST.set(before);
    let value = run();
    (value, (MOST.get() - before).unsigned_abs())
}
