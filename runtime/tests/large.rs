//! Programs of thousands of instructions: a dev build compiles them within seconds, in chunks that the stack of
//! rustc and of a thread bears, and beyond a size they run on the machine.

use scheme_runtime::{Regime, prelude::*};
use std::thread;

/// On a thread with 1 MiB of stack.
fn small<V: Send + 'static>(f: impl FnOnce() -> V + Send + 'static) -> V {
    let thread = thread::Builder::new().stack_size(1 << 20).spawn(f).unwrap();
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Numbers without a pattern.
fn numbers(count: usize) -> Vec<f64> {
    (1..=count).map(|i| (i as f64 * 0.7).sin()).collect()
}

fn square<const N: usize>() -> ([[f64; N]; N], [f64; N]) {
    let all = numbers(N * N + N);
    let item = |i: usize| all.get(i).copied().unwrap_or_default();
    (
        std::array::from_fn(|i| std::array::from_fn(|j| item(i * N + j))),
        std::array::from_fn(|i| item(N * N + i)),
    )
}

#[test]
fn two_thousand_instructions() {
    let f = scheme! { (: A (mat 10 10)) (: v (vec 10)) (vsum (matvec (matmul A A) v)) };
    assert_eq!(f.describe().regime, Regime::Straight);
    small(move || {
        let (a, v) = square::<10>();
        let (y, gradient): (f64, _) = value_and_grad(f).call((a, v));
        assert_eq!(y.to_bits(), f.call((a, v)).to_bits());
        // By `v` it is the sums of the columns of the square.
        for (j, by) in gradient.1.iter().enumerate() {
            let sum: f64 = (0..100).map(|k| a[k / 10][k % 10] * a[k % 10][j]).sum();
            assert!((by - sum).abs() < 1e-12, "{j}: {by} {sum}");
        }
        let (z, dz) = jvp(f).call(((a, v), (a, v)));
        let along: f64 = (0..10).map(|j| v[j] * gradient.1[j]).sum();
        let along_a: f64 = (0..100).map(|k| a[k / 10][k % 10] * gradient.0[k / 10][k % 10]).sum();
        assert_eq!(y.to_bits(), z.to_bits());
        assert!((dz - along - along_a).abs() < 1e-11, "{dz} {along} {along_a}");
    });
}

/// The sum of `A A v`, as the rows have it: sums from the left.
fn by_hand<const N: usize>((a, v): ([[f64; N]; N], [f64; N])) -> f64 {
    let sum = |terms: &mut dyn Iterator<Item = f64>| terms.reduce(|sum, term| sum + term).unwrap_or_default();
    let square = |i: usize, j: usize| sum(&mut (0..N).map(|k| a[i][k] * a[k][j]));
    sum(&mut (0..N).map(|i| sum(&mut (0..N).map(|j| square(i, j) * v[j]))))
}

#[test]
fn beyond_that_programs_run_on_the_machine() {
    let direct = scheme! { (: A (mat 10 10)) (: v (vec 10)) (vsum (matvec (matmul A A) v)) };
    assert_eq!(direct.call(square::<10>()).to_bits(), by_hand(square::<10>()).to_bits());
    let large = scheme! { (: A (mat 20 20)) (: v (vec 20)) (vsum (matvec (matmul A A) v)) };
    assert_eq!(large.describe().regime, Regime::Machine);
    let why = large.describe().why.map(|why| why.message).unwrap_or_default();
    assert!(why.contains("5000 operations"), "{why}");
    let y: f64 = large.call(square::<20>()).unwrap();
    assert_eq!(y.to_bits(), by_hand(square::<20>()).to_bits());
}
