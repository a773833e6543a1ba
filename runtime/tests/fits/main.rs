//! Recursive and higher-order programs, fitted to data compiled and as strings.
//!
//! Each model is a file whose first lines say the true constants and where data are taken; the data are what
//! the model gives there. From each of nine starts the same optimiser, Levenberg and Marquardt's, is given the
//! values and gradients of the compiled program, and those of the string: the loss at the start has the same
//! bits, both fits find the truth, and the same constants.

#[path = "../support/shape.rs"]
mod shape;

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DMatrix, DVector, Dyn, Owned};
use scheme_runtime::{All, Interpreter, Kind, Of, OneNumber, Outcome, prelude::*};
use shape::{flat, shaped};

const SEEDS: u64 = 9;

/// A model's value and its gradient by the constants, at constants and an `x`.
type Model<'m> = &'m dyn Fn(&[f64], f64) -> (f64, Vec<f64>);

struct Fit<'m> {
    model: Model<'m>,
    data: &'m [(f64, f64)],
    constants: DVector<f64>,
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Fit<'_> {
    type ParameterStorage = Owned<f64, Dyn>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;

    fn set_params(&mut self, constants: &DVector<f64>) {
        self.constants.copy_from(constants);
    }

    fn params(&self) -> DVector<f64> {
        self.constants.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let at = self.constants.as_slice();
        let residuals = self.data.iter().map(|(x, y)| (self.model)(at, *x).0 - y);
        Some(DVector::from_iterator(self.data.len(), residuals))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let at = self.constants.as_slice();
        let rows: Vec<f64> = self.data.iter().flat_map(|(x, _)| (self.model)(at, *x).1).collect();
        Some(DMatrix::from_row_slice(self.data.len(), at.len(), &rows))
    }
}

/// The sum of squares at the start, and the constants found.
fn fit(model: Model<'_>, data: &[(f64, f64)], start: &[f64]) -> Result<(f64, Vec<f64>), String> {
    let problem = Fit { model, data, constants: DVector::from_column_slice(start) };
    let before = problem.residuals().map_or(f64::NAN, |residuals| residuals.norm_squared());
    // Where no residual is left there is no progress to measure either: the optimiser may only lose patience.
    let (found, report) = LevenbergMarquardt::new().with_tol(1e-15).with_patience(25).minimize(problem);
    if report.objective_function > 1e-18 {
        return Err(format!("{:?} at {}", report.termination, report.objective_function));
    }
    Ok((before, found.constants.as_slice().to_vec()))
}

/// Numbers in -1..1, the same in every run.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

fn line<'t>(text: &'t str, key: &str) -> &'t str {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("; ")?.strip_prefix(key));
    lines.next().expect("the model says it").trim()
}

/// Fits a model both ways from every seed; gives how often.
fn check<F: Function + Program>(path: &str, text: &str, compiled: F) -> u64
where
    F::Out: OneNumber,
{
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let pair = |pair| str::split_once(pair, '=').map(|(name, x)| (name, number(x))).expect("name=number");
    let truth: Vec<(&str, f64)> = line(text, "truth:").split_whitespace().map(pair).collect();
    let names: Vec<&str> = truth.iter().map(|(name, _)| *name).collect();
    assert_eq!(compiled.input_names(), [&names[..], &["x"]].concat(), "{path}");

    let string = Interpreter::new().load(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let as_string = |at: &[f64], x: f64| {
        let inputs: Vec<_> = names.iter().copied().zip(at.iter().copied()).chain([("x", x)]).collect();
        string.value_and_grad(&names, &inputs).unwrap_or_else(|error| panic!("{path}: {error:?}"))
    };
    let as_rust = |at: &[f64], x: f64| {
        let inputs: Of<F::In, f64> = shaped::<F::In>(&[at, &[x]].concat());
        let result = <F::Out as Outcome>::Kind::result(compiled.differentiate(inputs, All));
        let (value, gradient) = result.unwrap_or_else(|error| panic!("{path}: {error}"));
        (value, flat::<F::In>(&gradient)[..at.len()].to_vec())
    };

    let exact: Vec<f64> = truth.iter().map(|(_, x)| *x).collect();
    let data: Vec<(f64, f64)> =
        line(text, "x:").split_whitespace().map(number).map(|x| (x, as_rust(&exact, x).0)).collect();
    for seed in 0..SEEDS {
        let mut next = numbers(seed + 1);
        let start: Vec<f64> = exact.iter().map(|x| x * (1.0 + 0.1 * next())).collect();
        let fitted =
            |model: Model<'_>| fit(model, &data, &start).unwrap_or_else(|e| panic!("{path} {seed}: {e}"));
        let ((loss, rust), (string_loss, string)) = (fitted(&as_rust), fitted(&as_string));
        assert_eq!(loss.to_bits(), string_loss.to_bits(), "{path} {seed}: the loss at the start");
        for (i, exact) in exact.iter().enumerate() {
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-7 * b.abs().max(1.0);
            assert!(close(rust[i], *exact), "{path} {seed}: {rust:?} from {start:?}");
            assert!(close(rust[i], string[i]), "{path} {seed}: {rust:?}, as a string {string:?}");
        }
    }
    SEEDS
}

macro_rules! models {
    ($($path:literal)+) => {
        #[test]
        #[expect(deprecated, reason = "where data are taken has no derivative in some models")]
        fn fits_agree() {
            let fits = 0 $(+ check($path, include_str!($path), scheme_file!($path)))+;
            assert!(fits >= 171, "{fits} fits");
        }
    };
}

models! {
    "models/autoregression.scm"
    "models/average.scm"
    "models/church.scm"
    "models/compartments.scm"
    "models/decay.scm"
    "models/dual-slope.scm"
    "models/expression.scm"
    "models/filter.scm"
    "models/fixpoint.scm"
    "models/fraction.scm"
    "models/growth.scm"
    "models/horner.scm"
    "models/integral.scm"
    "models/messages.scm"
    "models/network.scm"
    "models/newton.scm"
    "models/oscillator.scm"
    "models/peaks.scm"
    "models/pipeline.scm"
    "models/tree.scm"
    "models/turns.scm"
}
