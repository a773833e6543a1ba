//! Traces over rows in blocks, against `vmap` of the same program through the macro: value, and value and gradient,
//! in double and single precision, one thread and two.
//!
//! `cargo bench -p scheme-benches --bench blocks` checks that both give the same values to the bit, and gradients that
//! agree, prints a table of ratios, each from the fastest of interleaved runs, and then measures 10,000 rows with
//! criterion.
#![allow(clippy::print_stdout, missing_docs)]

use criterion::{Criterion, Throughput};
use programs::{Column, Form, fastest};
use scheme_core::{
    kernel::desugar,
    lower::{Lowered, lower},
    prim::Numeric,
    reader::read,
    trace::{Must, Slot, Trace},
};
use scheme_runtime::{
    Function, R,
    blocks::{self, Blocks, Number, Output, Rows},
    scheme, value_and_grad, vmap,
};
use std::cell::RefCell;

/// Rows that stay in a core's second cache, rows of a small fit, and rows that are in no cache.
const ROWS: [usize; 3] = [10_000, 200, 1_000_000];

/// A program of `N` inputs, through the macro and as a trace.
trait Program<const N: usize> {
    const NAME: &'static str;
    /// Where each input is taken from; one number for an input that is the same in every row.
    const RANGES: [(f64, f64); N];
    fn compiled() -> impl Function<In = [R; N], Out = R>;
    fn trace() -> Trace;
}

/// The trace of a straight program.
fn straight(text: &str) -> Trace {
    let program = desugar(&read(text).0).0.expect("a program");
    let Ok(Lowered::Direct(lowered)) = lower("program", &program) else { panic!("{text} is not straight") };
    Trace::from_graph(&lowered.module.functions[0].graph, 1, &[]).expect("straight")
}

macro_rules! programs {
    ($($type:ident $n:literal $name:literal $ranges:expr, { $($text:tt)* } $trace:expr;)*) => {$(
        enum $type {}
        impl Program<$n> for $type {
            const NAME: &'static str = $name;
            const RANGES: [(f64, f64); $n] = $ranges;
            fn compiled() -> impl Function<In = [R; $n], Out = R> {
                scheme! { $($text)* }
            }
            fn trace() -> Trace {
                let trace: fn(&str) -> Trace = $trace;
                trace(stringify!($($text)*))
            }
        }
    )*};
}

const FIELD: [(f64, f64); 8] = [(-1.0, 1.0); 8];

programs! {
    Coulomb 4 "Coulomb" [(8.0, 9.0), (-2.0, 2.0), (-2.0, 2.0), (0.1, 3.0)],
    { (* k (/ (* q1 q2) (* r r))) } straight;
    Gaussian 3 "Gaussian" [(-2.0, 2.0), (-0.5, 0.5), (0.5, 2.0)],
    { (/ (exp (- (/ (square (- x mu)) (* 2 (square s))))) (* s (sqrt (* 2 3.141592653589793)))) } straight;
    Density 3 "Gaussian, shared" [(-2.0, 2.0), (0.25, 0.25), (1.5, 1.5)],
    { (/ (exp (- (/ (square (- x mu)) (* 2 (square s))))) (* s (sqrt (* 2 3.141592653589793)))) } straight;
    Pendulum 5 "pendulum" [(9.0, 10.0), (0.5, 2.0), (-3.0, 3.0), (0.1, 0.5), (-2.0, 2.0)],
    { (- (* (- (/ g L)) (sin theta)) (* c omega)) } straight;
    Root 3 "discriminant" [(4.0, 5.0), (0.5, 2.0), (-1.0, 1.0)],
    { (let ((d (- (* b b) (* 4 (* a c))))) (if (< d 0) 0 (/ (- (sqrt d) b) (* 2 a)))) } |_| root();
    Dot 8 "dot" FIELD,
    { (+ (* a e) (* b f) (* c g) (* d h)) } straight;
    Chain 2 "chain of 50" [(0.01, 0.02), (0.5, 2.0)],
    { (let* ((d (+ e 1))
        (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d))
        (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d))
        (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d))
        (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d))
        (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)) (z (/ z d)))
        z) } straight;
}

/// The larger root where there is one: the order of inputs is that in which the program names them.
fn root() -> Trace {
    let mut trace = Trace::new(3);
    let [b, a, c] = [0, 1, 2].map(Slot::value);
    let [zero, two, four] = [0.0, 2.0, 4.0].map(|x| trace.constant(x));
    let mut row = |row, operands: &[Slot]| trace.push(row, operands, 0);
    let square = row(Numeric::Mul, &[b, b]);
    let product = row(Numeric::Mul, &[a, c]);
    let fourfold = row(Numeric::Mul, &[four, product]);
    let d = row(Numeric::Sub, &[square, fourfold]);
    let test = row(Numeric::Less, &[d, zero]);
    let sqrt = row(Numeric::Sqrt, &[d]);
    let above = row(Numeric::Sub, &[sqrt, b]);
    let below = row(Numeric::Mul, &[two, a]);
    let y = row(Numeric::Div, &[above, below]);
    trace.guard(test, Must::Be(false), 0);
    trace.give(vec![y]);
    trace
}

/// Who is handed the forms of a computation over so many rows.
type Measure<'m> = &'m mut dyn FnMut(&str, usize, &mut [Form<'_>]);

fn forms<E: Number + Default, P: Program<N>, const N: usize>(rows: usize, measure: Measure<'_>) {
    let precision = if size_of::<E>() == 4 { "f32" } else { "f64" };
    let mut places = 0..;
    let mut column = || Column::<E>::new(rows, places.next().unwrap_or(0));
    let mut x = [(); N].map(|()| column());
    let mut k = 0.0;
    for (column, (low, high)) in x.iter_mut().zip(P::RANGES) {
        k += 1.0;
        for (row, x) in column.iter_mut().enumerate() {
            *x = E::lit(low + (high - low) * (row as f64 * 0.618_033_988_749_895 * k + 0.1 * k).fract());
        }
    }
    let uniform = P::RANGES.map(|(low, high)| low == high);
    let columns: [blocks::Column<'_, E>; N] = std::array::from_fn(|i| match uniform[i] {
        true => blocks::Column::All(x[i][0]),
        false => blocks::Column::Each(&x[i]),
    });
    let [mut y, mut y_block] = [(); 2].map(|()| column());
    let [mut dx, mut dx_block] = [(); 2].map(|()| [(); N].map(|()| column()));

    let all: Vec<usize> = (0..N).collect();
    let trace = P::trace();
    let gradient = trace.with_gradient(0, &all).expect("a number");
    let (value, gradient) = (Blocks::new(&trace.merged(), &uniform), Blocks::new(&gradient, &uniform));
    let run_value = |y: &mut [E], threads| {
        let broken = value.run(Rows::All(rows), &columns, vec![Output::Each(y)], threads);
        assert!(broken.is_ok_and(|broken| broken.is_empty()));
    };
    let run_gradient = |y: &mut [E], dx: &mut [Column<E>; N], threads| {
        let outputs = std::iter::once(y).chain(dx.iter_mut().map(|column| &mut **column)).map(Output::Each);
        let broken = gradient.run(Rows::All(rows), &columns, outputs.collect(), threads);
        assert!(broken.is_ok_and(|broken| broken.is_empty()));
    };
    // A column of equal numbers where blocks have one number.
    let slices = || x.each_ref().map(|column| &**column);
    let vmap_value = |y: &mut [E]| vmap(P::compiled()).into_slices(slices(), y).expect("rows");
    let vmap_gradient = |y: &mut [E], dx: &mut [Column<E>; N]| {
        let partials = dx.each_mut().map(|column| &mut **column);
        vmap(value_and_grad(P::compiled())).into_slices(slices(), (y, partials)).expect("rows");
    };

    vmap_value(&mut y);
    run_value(&mut y_block, 1);
    assert!(same(&y, &y_block), "{}", P::NAME);
    vmap_gradient(&mut y, &mut dx);
    run_gradient(&mut y_block, &mut dx_block, 1);
    assert!(same(&y, &y_block), "{}", P::NAME);
    let tolerance = if size_of::<E>() == 4 { 1e-5 } else { 1e-13 };
    for row in 0..rows {
        let size = dx.iter().fold(0.0, |size: f64, column| size.max(column[row].into().abs()));
        for (a, b) in dx.iter().zip(&dx_block) {
            assert!((a[row].into() - b[row].into()).abs() <= tolerance * size, "{}, row {row}", P::NAME);
        }
    }

    let (y, dx) = (RefCell::new(y), RefCell::new(dx));
    measure(
        &format!("{:18} {precision} value   ", P::NAME),
        rows,
        &mut [
            ("blocks", &mut || run_value(&mut y.borrow_mut(), 1)),
            ("scheme!", &mut || vmap_value(&mut y.borrow_mut())),
            ("two threads", &mut || run_value(&mut y.borrow_mut(), 2)),
        ],
    );
    measure(
        &format!("{:18} {precision} gradient", P::NAME),
        rows,
        &mut [
            ("blocks", &mut || run_gradient(&mut y.borrow_mut(), &mut dx.borrow_mut(), 1)),
            ("scheme!", &mut || vmap_gradient(&mut y.borrow_mut(), &mut dx.borrow_mut())),
            ("two threads", &mut || run_gradient(&mut y.borrow_mut(), &mut dx.borrow_mut(), 2)),
        ],
    );
}

fn same<E: Number>(a: &[E], b: &[E]) -> bool {
    a.iter().zip(b).all(|(a, b)| (*a).into().to_bits() == (*b).into().to_bits())
}

fn all(rows: usize, measure: Measure<'_>) {
    macro_rules! each {
        ($($program:ident)*) => {$(
            forms::<f64, $program, _>(rows, measure);
            forms::<f32, $program, _>(rows, measure);
        )*};
    }
    each! { Coulomb Gaussian Density Pendulum Root Dot Chain }
}

fn main() {
    println!(
        "nanoseconds a row; the ratio of blocks to vmap of the program through the macro, and of one thread to two"
    );
    for rows in ROWS {
        let (mut product, mut worst, mut count) = (1.0, 0.0, 0);
        all(rows, &mut |name, rows, forms| {
            let times: Vec<f64> = fastest((20_000_000 / rows).clamp(5, 2000), forms)
                .iter()
                .map(|s| s * 1e9 / rows as f64)
                .collect();
            let [blocks, compiled, two] = times[..] else { return };
            let ratio = blocks / compiled;
            println!(
                "{name} {rows:8}  blocks {blocks:6.2}  scheme! {compiled:6.2}  ratio {ratio:5.2}  two threads {:4.2}",
                blocks / two
            );
            (product, worst, count) = (product * ratio, f64::max(worst, ratio), count + 1);
        });
        println!(
            "{rows} rows: geometric mean {:.2}, worst {worst:.2}",
            f64::powf(product, 1.0 / f64::from(count))
        );
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("blocks");
    all(10_000, &mut |name, rows, forms| {
        group.throughput(Throughput::Elements(rows as u64));
        for (form, run) in forms {
            group.bench_function(format!("{name}/{form}"), |bencher| bencher.iter(&mut **run));
        }
    });
    group.finish();
    criterion.final_summary();
}
