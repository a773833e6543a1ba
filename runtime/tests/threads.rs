//! Many threads on one interpreter and one program: the results of one thread, and memory that stays flat.
//!
//! A few seconds here; as many as the environment variable `THREADS_SECONDS` says.

#[path = "support/memory.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod memory;

use scheme_core::diag::{Code, Diagnostic};
use scheme_runtime::{Answer, Interpreter, Limits, LoadError, StringProgram};
use std::{
    sync::{
        Barrier, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

const fn shared<T: Send + Sync + 'static>() {}
const _: () = {
    shared::<Interpreter>();
    shared::<StringProgram>();
    shared::<Answer>();
    shared::<LoadError>();
    shared::<Diagnostic>();
};

const THREADS: usize = 10;

/// The tests measure the memory of the process: one at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// What may be in use more after many runs than after few, in bytes: the noise of threads at work.
const FLAT: isize = 4 << 20;

/// Texts of several kinds, with errors and budgets among them.
const TEXTS: [&str; 8] = [
    "(* k (/ (* q1 q2) (* r r)))",
    "(define (fib n) (if (< n 2) x (+ (fib (- n 1)) (fib (- n 2))))) (fib 9)",
    "(let loop ((i 0) (s 0)) (if (= i 50) s (loop (+ i 1) (+ s (* x i)))))",
    "((grad (lambda (y) (* x y y))) 3)",
    "(vsum (scale x (linspace 0 1 20)))",
    "(string-append \"a\" (number->string x))",
    "(car (list-tail '(1 2) x))",
    "(let loop ((i x)) (loop (+ i 1)))",
];

/// What a program gives at a point, bits and all, in text.
fn outcome(program: &StringProgram, x: f64) -> String {
    let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, x)).collect();
    let by: Vec<&str> = program.inputs().collect();
    let value = program.call(&inputs).map_err(|error| (error.code, error.span));
    let gradient = program.value_and_grad(&by, &inputs).map_err(|error| (error.code, error.span));
    format!("{value:?} {gradient:?}")
}

fn interpreter() -> Interpreter {
    Interpreter::with_limits(Limits { steps: 20_000, ..Limits::default() })
}

#[test]
fn ten_threads_share_one_interpreter_and_one_program() {
    let _alone = ALONE.lock();
    let seconds =
        std::env::var("THREADS_SECONDS").map_or(5.0, |text| text.parse().expect("a number of seconds"));
    let interpreter = interpreter();
    let programs: Vec<StringProgram> = TEXTS.iter().map(|text| interpreter.load(text).unwrap()).collect();
    let points = [0.5, 1.0, 2.0, 3.75];
    let expected: Vec<Vec<String>> =
        programs.iter().map(|program| points.iter().map(|x| outcome(program, *x)).collect()).collect();
    assert!(expected[7][0].contains("Steps") && expected[0][1].contains("Ok"), "{expected:?}");

    let done = AtomicBool::new(false);
    let rounds = AtomicU64::new(0);
    let (early, late) = thread::scope(|scope| {
        for first in 0..THREADS {
            let (interpreter, programs, expected) = (&interpreter, &programs, &expected);
            let (done, rounds) = (&done, &rounds);
            scope.spawn(move || {
                for at in (first..).take_while(|_| !done.load(Ordering::Relaxed)) {
                    let (which, point) = (at % TEXTS.len(), at / TEXTS.len() % points.len());
                    let fresh;
                    let program = if at % 3 == 0 {
                        fresh = interpreter.load(TEXTS[which]).unwrap();
                        &fresh
                    } else {
                        &programs[which]
                    };
                    assert_eq!(outcome(program, points[point]), expected[which][point], "{}", TEXTS[which]);
                    rounds.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // What each thread needs at any time is there after a fifth of the time.
        thread::sleep(Duration::from_secs_f64(seconds / 5.0));
        let early = most_of_a_while();
        thread::sleep(Duration::from_secs_f64(seconds * 3.0 / 5.0));
        let late = most_of_a_while();
        done.store(true, Ordering::Relaxed);
        (early, late)
    });
    assert!(late < early + FLAT, "{early} bytes, then {late}");
    assert!(rounds.load(Ordering::Relaxed) > THREADS as u64);
}

/// The most bytes in use at any of some moments.
fn most_of_a_while() -> isize {
    let start = Instant::now();
    let mut most = 0;
    while start.elapsed() < Duration::from_millis(200) {
        most = most.max(memory::in_use());
        thread::sleep(Duration::from_millis(1));
    }
    most
}

/// Nothing of a run stays behind with its thread, nor with the program.
#[test]
fn threads_that_end_leave_nothing() {
    let _alone = ALONE.lock();
    let interpreter = interpreter();
    let program = interpreter.load(TEXTS[1]).unwrap();
    let many = |n: usize| {
        for _ in 0..n {
            let barrier = Barrier::new(4);
            thread::scope(|scope| {
                let mut threads = Vec::new();
                for text in &TEXTS[2..6] {
                    let (barrier, interpreter, program) = (&barrier, &interpreter, &program);
                    threads.push(scope.spawn(move || {
                        barrier.wait();
                        outcome(program, 1.0);
                        outcome(&interpreter.load(text).unwrap(), 1.0);
                    }));
                }
                // A scope alone does not wait for what threads drop at their very end.
                threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
            });
        }
        memory::in_use()
    };
    let few = many(5);
    let more = many(50);
    assert!(more < few + 100_000, "{few} bytes, then {more}");
    let code = program.call(&[("x", 1.0), ("y", 1.0)]).unwrap_err().code;
    assert_eq!(code, Code::Unbound);
}
