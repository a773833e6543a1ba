//! Threads with the stack that naive evaluation takes, which leave no big floats behind.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Checks each item on a thread of its own, some at a time; panics with all that is wrong.
#[track_caller]
pub(crate) fn each<T: Sync>(items: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    let next = AtomicUsize::new(0);
    let on_its_own = |item| {
        thread::scope(|scope| {
            let builder = thread::Builder::new().stack_size(1 << 30);
            let thread = builder.spawn_scoped(scope, || check(item)).expect("a thread");
            thread.join().unwrap_or_else(|_| Err("a panic, reported above".into())).err()
        })
    };
    let worker = || {
        let taken = std::iter::from_fn(|| items.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.filter_map(on_its_own).collect::<Vec<String>>()
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("checks are joined")).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), items.len(), wrong.join("\n"));
}
