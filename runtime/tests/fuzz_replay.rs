//! The corpus of the fuzzing targets, and programs that are generated and mutated from it: the checks of the
//! targets, as an ordinary test, and those of features together.
//!
//! There are 2,000 such programs, or as many as the environment variable `FUZZ_PROGRAMS` says; they are the same
//! in every run, and `FUZZ_SEED` gives others.

#[path = "fuzz/checks.rs"]
mod checks;
#[path = "fuzz/features.rs"]
mod features;
#[path = "fuzz/mutate.rs"]
mod mutate;

use mutate::Mutator;
use std::{fs, panic, path::Path, thread::JoinHandle};

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// All checks on some bytes; says which bytes they were.
fn check(bytes: &[u8]) {
    let all = || {
        [checks::reader, checks::load, checks::gradient, features::methods]
            .iter()
            .for_each(|check| check(bytes))
    };
    saying(&[bytes], all);
}

/// Runs checks on some texts; says which they were, if one of them panics.
fn saying(texts: &[&[u8]], checks: impl FnOnce() + panic::UnwindSafe) {
    if let Err(cause) = panic::catch_unwind(checks) {
        let read: Vec<_> = texts.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        panic!(
            "{texts:?} break a promise; in text:\n{}\n{:?}",
            read.join("\n----\n"),
            cause.downcast_ref::<String>()
        );
    }
}

/// On a thread with a small stack as users may have.
fn on_a_small_thread<R: Send + 'static>(run: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R> {
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap()
}

fn variable(name: &str, standard: u64) -> u64 {
    std::env::var(name).map_or(standard, |text| text.parse().expect("a number"))
}

#[test]
fn the_corpus_keeps_its_promises() {
    let corpus = files("tests/fuzz/corpus");
    assert!(corpus.len() > 40, "{}", corpus.len());
    on_a_small_thread(move || corpus.iter().for_each(|bytes| check(bytes))).join().unwrap();
}

/// What programs are made from, and how many.
fn mutator() -> (Mutator, u64) {
    let mut seeds = files("tests/fuzz/corpus");
    seeds.extend(files("tests/programs/cases"));
    (Mutator::new(variable("FUZZ_SEED", 1), seeds), variable("FUZZ_PROGRAMS", 2_000))
}

/// Half of them on each of two threads.
#[test]
fn generated_and_mutated_programs_keep_their_promises() {
    let halves = [0, 1].map(|half| {
        move || {
            let (mut mutator, count) = mutator();
            let mut loaded = 0;
            for i in 0..count {
                let bytes = mutator.next();
                if i % 2 == half {
                    loaded += u64::from(scheme_runtime::Interpreter::new().load_bytes(&bytes).is_ok());
                    check(&bytes);
                }
            }
            loaded
        }
    });
    let halves = halves.map(on_a_small_thread);
    let loaded: u64 = halves.into_iter().map(|half| half.join().unwrap()).sum();
    // Programs that are only refused would test little.
    assert!(loaded * 5 > mutator().1, "{loaded} were loaded");
}

/// A tenth as many pairs.
#[test]
fn pairs_of_programs_keep_their_promises() {
    on_a_small_thread(|| {
        let (mut mutator, count) = mutator();
        for _ in 0..count / 10 {
            let (outer, inner) = (mutator.next(), mutator.next());
            saying(&[&outer, &inner], || features::together(&outer, &inner));
        }
    })
    .join()
    .unwrap();
}

/// A tenth as many programs.
#[cfg(feature = "artefact")]
#[test]
fn saved_programs_keep_their_promises() {
    on_a_small_thread(|| {
        let (mut mutator, count) = mutator();
        for _ in 0..count / 10 {
            let bytes = mutator.next();
            let mut text = None;
            saying(&[&bytes], panic::AssertUnwindSafe(|| text = features::saved(&bytes)));
            let Some(text) = text else { continue };
            let damaged = mutator.changed(text.as_bytes());
            saying(&[&damaged], || features::damaged(&damaged));
        }
    })
    .join()
    .unwrap();
}
