//! Memory, long traces, and threads.

use super::{all_same, tape::Tape};
use scheme_core::{
    prim::Numeric,
    trace::{Slot, Trace},
};
use scheme_runtime::replay::{Replay, Scratch};

/// The logistic recurrence, so many times.
fn logistic(times: usize) -> Trace {
    let mut trace = Trace::new(2);
    let [mut x, r] = [0, 1].map(Slot::value);
    for _ in 0..times {
        let one = trace.constant(1.0);
        let grown = trace.push(Numeric::Mul, &[r, x], 0);
        let rest = trace.push(Numeric::Sub, &[one, x], 0);
        x = trace.push(Numeric::Mul, &[grown, rest], 0);
    }
    trace.give(vec![x]);
    trace
}

#[test]
fn a_million_operations() {
    let trace = logistic(333_334);
    let replay = Replay::new(&trace, &[0, 1]);
    assert!(replay.bytes() <= 24 * trace.len(), "{} bytes", replay.bytes());
    let (short, alone) = (logistic(5000), Replay::new(&logistic(5000), &[]));
    assert!(alone.bytes() <= 24 * short.len(), "{} bytes", alone.bytes());
    let mut scratch = Scratch::new();
    let x = [0.3, 3.2];
    let (y, dx) = replay.value_and_grad(&x, 0, &mut scratch).unwrap();
    let dx = dx.to_vec();
    let tape = Tape::of(&trace, &x, &[0, 1]);
    all_same(&[y], &tape.values(), || "the value".to_string());
    all_same(&dx, &tape.backward(&[Some(1.0)]), || "the gradient".to_string());
    replay.hvp(&x, 0, &[1.0, 1.0], &mut scratch).unwrap();
    replay.jvp(&x, &[1.0, 1.0], &mut scratch).unwrap();
    assert!(scratch.bytes() <= 40 * trace.len(), "{} bytes", scratch.bytes());
    let before = scratch.bytes();
    replay.value_and_grad(&x, 0, &mut scratch).unwrap();
    assert_eq!(scratch.bytes(), before);
}

#[test]
fn one_scratch_serves_any_replay() {
    let mut scratch = Scratch::new();
    let sizes = [2, 7, 100, 1];
    let replays: Vec<Replay> = sizes.map(|times| Replay::new(&logistic(times), &[0, 1])).to_vec();
    let alone: Vec<_> = replays.iter().map(|f| f.hessian(&[0.3, 3.2], 0, &mut Scratch::new())).collect();
    for _ in 0..3 {
        for (replay, alone) in replays.iter().zip(&alone) {
            assert_eq!(&replay.hessian(&[0.3, 3.2], 0, &mut scratch), alone);
            let single = replay.clone().single().value(&[0.3, 3.2], &mut scratch).unwrap()[0];
            assert_eq!(f64::from(single as f32), single);
        }
    }
}

#[test]
fn a_scratch_that_is_in_use_is_not_given_again() {
    let f = Replay::new(&logistic(2), &[0]);
    let wanted = f.value(&[0.3, 3.2], &mut Scratch::new()).unwrap()[0];
    let found = Scratch::with(|outer| {
        let y = f.value(&[0.3, 3.2], outer).unwrap();
        Scratch::with(|inner| f.value(&[0.9, 1.0], inner).unwrap()[0]);
        y[0]
    });
    assert_eq!(found, wanted);
}

#[test]
fn two_threads_share_a_replay() {
    fn shared<T: Send + Sync>(_: &T) {}
    let f = Replay::new(&logistic(50), &[0, 1]);
    shared(&f);
    let points: Vec<[f64; 2]> = (0..200).map(|i| [0.1 + f64::from(i) / 400.0, 2.9]).collect();
    let all = || -> Vec<(f64, Vec<f64>)> {
        let one = |x: &[f64; 2]| {
            Scratch::with(|scratch| f.value_and_grad(x, 0, scratch).map(|(y, dx)| (y, dx.to_vec())).unwrap())
        };
        points.iter().map(one).collect()
    };
    let alone = all();
    std::thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(all));
        threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), alone));
    });
}
