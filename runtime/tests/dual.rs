//! Dual numbers: every row of the table against differences in 31 digits, and what does not move.

mod support;

use scheme_core::prim::{Numeric, Operand};
use scheme_runtime::{Dual, Foreign, R, Real, prelude::*};
use support::{Samples, close, double::Double};

type Exact = Foreign<Double>;

fn value<A: Real>(row: Numeric, x: &[A]) -> Option<A> {
    let operands: Vec<Operand<A>> = x.iter().map(|x| Operand::Real(*x)).collect();
    match row.apply(&operands) {
        Some(Operand::Real(y)) => Some(y),
        _ => None,
    }
}

/// Central differences with a step of 1e-9 have an error of about 1e-18 in 31 digits.
fn difference(f: impl Fn(Exact) -> Exact, x: f64) -> f64 {
    let h = Exact::lit(1e-9);
    let (up, down) = (f(Exact::lit(x) + h), f(Exact::lit(x) - h));
    ((up - down) / (h + h)).0.hi
}

/// The rows on numbers alone that have one derivative; for those with any number of operands, three.
fn rows() -> impl Iterator<Item = (Numeric, usize)> {
    Numeric::ALL.iter().filter_map(|row| {
        let operands = if matches!(row, Numeric::Min | Numeric::Max) { 3 } else { row.row().operands.len() };
        value(*row, &vec![0.5; operands]).map(|_| (*row, operands))
    })
}

fn sample(row: Numeric, i: usize, samples: &mut Samples) -> f64 {
    let domain = row.row().domain[i];
    loop {
        let x = samples.between(domain.low, domain.high);
        if domain.low == domain.high || domain.kinks.iter().all(|kink| (x - kink).abs() > 0.01) {
            return x;
        }
    }
}

#[test]
fn every_row_has_the_slope_of_its_values() {
    let mut count = 0;
    for (row, operands) in rows() {
        let mut samples = Samples::new(row as u64 + 1);
        for _ in 0..40 {
            let x: Vec<f64> = (0..operands).map(|i| sample(row, i, &mut samples)).collect();
            for i in 0..operands {
                // The order of a polygamma is no continuous operand, and no derivative passes `stop-gradient`.
                if (row == Numeric::Polygamma && i == 0) || row == Numeric::StopGradient {
                    continue;
                }
                let moved: Vec<Dual<f64>> = (0..operands)
                    .map(|k| if k == i { Dual::new(x[k], 1.0) } else { Dual::constant(x[k]) })
                    .collect();
                let found = value(row, &moved).expect("a number");
                assert_eq!(
                    found.primal.to_bits(),
                    value(row, &x).expect("a number").to_bits(),
                    "{row:?} at {x:?}"
                );
                let wanted = difference(
                    |t| {
                        let x: Vec<Exact> =
                            (0..operands).map(|k| if k == i { t } else { Exact::lit(x[k]) }).collect();
                        value(row, &x).expect("a number")
                    },
                    x[i],
                );
                close(found.tangent(), wanted, 1e-12, &format!("{row:?} by operand {i} at {x:?}"));
                count += 1;
            }
        }
    }
    assert!(count > 40 * 40, "only {count} slopes were compared");
}

/// Second order: the slope of the slope, by a dual of duals against differences of duals.
#[test]
fn every_row_has_a_second_slope() {
    for (row, operands) in rows().filter(|(row, _)| *row != Numeric::StopGradient) {
        let mut samples = Samples::new(row as u64 + 101);
        let last = operands - 1;
        for _ in 0..10 {
            let x: Vec<f64> = (0..operands).map(|i| sample(row, i, &mut samples)).collect();
            let at = |t: Exact| -> Vec<Dual<Exact>> {
                let constant = |k: usize| Dual::constant(Exact::lit(x[k]));
                (0..operands)
                    .map(|k| if k == last { Dual::new(t, Exact::lit(1.0)) } else { constant(k) })
                    .collect()
            };
            let wanted = difference(|t| value(row, &at(t)).expect("a number").tangent(), x[last]);
            let twice: Vec<Dual<Dual<f64>>> = (0..operands)
                .map(|k| match k == last {
                    true => Dual::new(Dual::new(x[k], 1.0), Dual::constant(1.0)),
                    false => Dual::constant(Dual::constant(x[k])),
                })
                .collect();
            let found = value(row, &twice).expect("a number").tangent().tangent();
            close(found, wanted, 1e-10, &format!("{row:?} twice at {x:?}"));
        }
    }
}

fn slope(f: impl Fn(Dual<f64>) -> Dual<f64>, x: f64) -> f64 {
    f(Dual::new(x, 1.0)).tangent()
}

fn lit<T: Real>(x: f64) -> T {
    T::lit(x)
}

/// A partial derivative of nan or inf does not reach where nothing moves.
#[test]
fn constants_do_not_poison() {
    assert_eq!(slope(|x| x.expt(lit(2.0)), -3.0), -6.0);
    assert_eq!(slope(|x| x * (lit::<Dual<f64>>(0.0)).sqrt(), 5.0), 0.0);
    assert_eq!(slope(|x| x * lit(2.0), f64::INFINITY), 2.0);
    assert_eq!(slope(|x| x.stop_gradient().sqrt() + x, 0.0), 1.0);
    // At every level, and in a Hessian's other directions.
    let power = scheme! { (expt x 2) };
    assert_eq!(grad(grad(power)).call(-3.0), 2.0);
    let product = scheme! { (* (sqrt a) b) };
    let h = hessian(product).call([0.0, 2.0]);
    assert_eq!((h[1][1], h[0][1]), (0.0, f64::INFINITY));
    let [dx] = grad(scheme! { (expt x y) }).wrt(|v| [v.x]).call([-2.0, 3.0]);
    assert_eq!(dx, 12.0);
    assert_eq!(jvp(scheme! { (expt x y) }).wrt(|v| v.x).call(([-2.0, 3.0], 1.0)), (-8.0, 12.0));
}

/// Where the table declares a partial to be 0, an infinite tangent stops too.
#[test]
fn declared_zeros_stop_any_tangent() {
    let root = |x: Dual<f64>| x.sqrt(); // its tangent at 0 is inf
    for stopped in [
        Real::floor as fn(Dual<f64>) -> Dual<f64>,
        Real::ceiling,
        Real::round,
        Real::truncate,
        Real::sign,
        Real::stop_gradient,
        |y| y.quotient(lit(3.0)),
    ] {
        assert_eq!(slope(|x| stopped(root(x)), 0.0), 0.0);
    }
    assert_eq!(slope(|x| root(x).polygamma(lit(2.0)), 0.0), 0.0);
    // A zero that is computed does not: IEEE's 0·inf.
    assert!(slope(|x| (x * x).sqrt(), 0.0).is_nan());
}

#[test]
fn ties_share_equally() {
    let all = |x: f64| Dual::<f64, [R; 3]>::new(x, [1.0, 0.0, 0.0]);
    let (a, mut b, mut c) = (all(2.0), all(2.0), all(2.0));
    b = Dual::new(b.primal, [0.0, 1.0, 0.0]);
    c = Dual::new(c.primal, [0.0, 0.0, 1.0]);
    assert_eq!(Real::max_of([a, b, c]).tangent(), [1.0 / 3.0; 3]);
    assert_eq!(Real::min_of([a, b, Dual::constant(3.0)]).tangent(), [0.5, 0.5, 0.0]);
    assert_eq!(Real::min(a, b).tangent(), [0.5, 0.5, 0.0]);
    assert_eq!(Real::max_of([a]).tangent(), [1.0, 0.0, 0.0]);
    let spoilt = Real::max_of([a, Dual::constant(f64::NAN), c]);
    assert!(spoilt.primal.is_nan());
}

/// The side of a branch that is not taken reaches neither value nor derivative, whatever it is.
#[test]
fn branches_pass_one_side() {
    let zero = lit::<Dual<f64>>(0.0);
    let guarded = |x: Dual<f64>| {
        let [y] = Real::branch(x.greater(zero), || [x.sqrt()], || [zero]);
        y
    };
    assert_eq!(slope(guarded, -1.0), 0.0);
    assert_eq!(slope(guarded, 4.0), 0.25);
    let selected = |x: Dual<f64>| Real::select(x.greater(zero), x.log(), x);
    assert_eq!(slope(selected, -1.0), 1.0);
    // What moves is remembered by side: the constant exponent on the side taken.
    let by_side = |x: Dual<f64>| x.expt(Real::select(x.less(zero), lit(2.0), x));
    assert_eq!(slope(by_side, -3.0), -6.0);
}

/// In lanes too, and lane by lane.
#[test]
fn lanes_branch_each_by_itself() {
    let f = scheme! { (if (> x 0) (* (sqrt x) (log x)) (* 3 x)) };
    let g = scheme! { (expt x (if (< x 0) 2 x)) };
    let xs: Vec<f64> = (0..40).map(|i| f64::from(i) - 20.5).collect();
    let values = vmap(jvp(f)).call((&xs, 1.0)).expect("columns of one length");
    let powers = vmap(jvp(g)).call((&xs, 1.0)).expect("columns of one length");
    for (i, x) in xs.iter().enumerate() {
        assert_eq!(values[i], jvp(f).call((*x, 1.0)));
        assert_eq!(powers[i], jvp(g).call((*x, 1.0)));
        assert!(powers[i].1.is_finite());
    }
}

#[test]
fn several_directions_at_once() {
    let x = Dual::<f64, (R, [R; 2])>::new(3.0, (1.0, [2.0, -1.0]));
    let y = x.cube() - x + x / x;
    assert_eq!(y.primal, 25.0);
    assert_eq!(y.tangent(), (26.0, [52.0, -26.0]));
    assert_eq!((-x).abs().tangent(), (1.0, [2.0, -1.0]));
    let (sin, cos) = x.sin_cos();
    assert_eq!((sin.primal, cos.primal), (Real::sin(3.0), Real::cos(3.0)));
    assert_eq!((sin.tangent().0, cos.tangent().0), (cos.primal, -sin.primal));
}
