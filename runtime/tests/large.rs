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

/// The value and the slope of `models/clauses.scm`, as its clauses have them.
fn clause(x: f64) -> (f64, f64) {
    let k = (1..120).map(f64::from).find(|k| x < *k).unwrap_or(120.0);
    (k + x * (x + k), 2.0 * x + k)
}

#[test]
fn a_hundred_and_twenty_clauses() {
    let f = scheme_file!("models/clauses.scm");
    assert_eq!(f.describe().regime, Regime::Straight);
    // On both sides of each edge, and rows whose lanes are in several clauses.
    let edges = (1..=120).map(f64::from).flat_map(|k| [k.next_down(), k, k.next_up()]);
    let xs: Vec<f64> = edges.chain([-1.0, 0.0, 60.5]).collect();
    small(move || {
        let rows = vmap(value_and_grad(f)).call(&xs[..]).unwrap();
        for (x, row) in xs.into_iter().zip(rows) {
            let (value, slope) = clause(x);
            let (y, dy) = value_and_grad(f).call(x);
            assert_eq!((f.call(x).to_bits(), y.to_bits()), (value.to_bits(), value.to_bits()), "{x}");
            assert!((dy - slope).abs() < 1e-12, "{x}: {dy} {slope}");
            assert_eq!((row.0.to_bits(), row.1.to_bits()), (y.to_bits(), dy.to_bits()), "row {x}");
        }
    });
}

/// Deep choices that are no end of anything: what is around each level is used in it and after it, conditions are
/// cheap, or dear, or of what the levels around have.
#[test]
fn deep_choices_within_sums() {
    let f = scheme! {
        (define (level k t rest) (+ (* 0.25 t) (if (< (* x k) (sin t)) (* t x) (rest (* t (- y k))))))
        (level 0.1 x (lambda (t) (level 0.2 t (lambda (t) (level 0.3 t (lambda (t) (level 0.4 t (lambda (t)
        (level 0.5 t (lambda (t) (level 0.6 t (lambda (t) (level 0.7 t (lambda (t) (level 0.8 t (lambda (t)
        (level 0.9 t (lambda (t) (if (< t y) (/ 1 (- t y)) (level 1.1 t (lambda (t) (if (= x 0) y (/ t x)))))
        ))))))))))))))))))
    };
    assert_eq!(f.describe().regime, Regime::Straight);
    let points: Vec<[f64; 2]> = (0..200)
        .map(f64::from)
        .map(|i| [3.0 * (i * 0.7).sin() * (i * 0.05), 4.0 * (i * 1.3).cos()])
        .chain([[0.0, 1.0], [0.0, -1.0]])
        .collect();
    let rows = vmap(value_and_grad(f)).call(&points[..]).unwrap();
    for (at, row) in points.into_iter().zip(rows) {
        let (y, slopes) = value_and_grad(f).call(at);
        assert_eq!(
            (y.to_bits(), slopes.map(f64::to_bits)),
            (row.0.to_bits(), row.1.map(f64::to_bits)),
            "{at:?}"
        );
        for (i, slope) in slopes.into_iter().enumerate() {
            let unit = std::array::from_fn(|j| f64::from(u8::from(i == j)));
            let (z, along) = jvp(f).call((at, unit));
            assert_eq!(y.to_bits(), z.to_bits(), "{at:?}");
            assert!((slope - along).abs() <= 1e-12 * (1.0 + along.abs()), "{at:?}: {slope} {along}");
        }
    }
}

#[test]
fn deeper_choices_run_on_the_machine() {
    let f = scheme_file!("models/nest.scm");
    let about = f.describe();
    assert_eq!(about.regime, Regime::Machine);
    let why = about.why.map(|why| why.message).unwrap_or_default();
    assert!(why.contains("200 choices within one another"), "{why}");
    for k in (0..490).map(f64::from) {
        assert_eq!(value_and_grad(f).call(k).unwrap(), (k * (k + 1.0), k + 1.0));
    }
    assert_eq!(value_and_grad(f).call(500.0).unwrap(), (250_000.0, 1000.0));
}
