//! Pipelines of compiled modules: nine chains of two to six, as layers in a tuple, against the composed function.
//!
//! Each module is a program from a few numbers to a few numbers, and a chain of modules is a tuple of layers, as a network
//! is. The composed function is another thing altogether: the modules' texts, put into one another as one program, which is
//! loaded as a string. The values must be the same, to the bit, where the modules are at home, at normal numbers of deviation 1, and
//! four times as far out, where a network that had been trained to do their work would know nothing. Gradients go
//! backward through all layers, and agree to rounding.
//!
//! In a hundredth of a second all 18,000 rows of the nine chains are equal, and gradients differ by 5e-16 of the largest.
//!
//! ```text
//! cargo run --release --example chains [-- --quick] [FOLDER]
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

mod noise;
pub(crate) mod study;

use dfdx::{nn::Module, prelude::*};
use noise::Noise;
use scheme_runtime::{Answer, Interpreter, StringProgram, prelude::*, tensors::Layer};
use std::error::Error;
use study::{Picture, Study};

/// Rows of two numbers.
type Rows<T = NoneTape> = Tensor<(usize, Const<2>), f64, Cpu, T>;

/// What a chain gave.
pub(crate) struct Outcome {
    pub(crate) chain: String,
    pub(crate) depth: usize,
    /// In the range of the modules, and at four times that: how many numbers differ from the composed function's in
    /// any bit, and the largest difference.
    pub(crate) ranges: [(usize, f64); 2],
    /// The largest difference of a derivative, relative to the largest one.
    pub(crate) gradient: f64,
    /// The first number that it gives, by the first that it takes.
    curve: Vec<(f64, f64)>,
}

/// A chain of layers, and the texts of its modules.
struct Chain<'a, M> {
    layers: M,
    modules: &'a [Text],
}

/// A module's name, its text, and how many numbers it takes.
type Text = (&'static str, &'static str, usize);

fn main() -> Result<(), Box<dyn Error>> {
    run(&Study::from_args("chains"))?;
    Ok(())
}

/// Checks all chains, and reports.
pub(crate) fn run(study: &Study) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let spring = scheme! { (lambda (x v) (let ((w (- v (* 0.2 x)))) (vec (+ x (* 0.05 w)) w))) };
    let pendulum = scheme! { (lambda (x v) (let ((w (- v (* 0.49 (sin x))))) (vec (+ x (* 0.05 w)) w))) };
    let friction = scheme! { (lambda (x v) (vec x (- (* v (exp -0.01)) (* 0.005 v (abs v))))) };
    let bounce = scheme! { (lambda (x v) (if (< x -0.5) (vec (- -1 x) (* -0.9 v)) (vec x v))) };
    let turn = scheme! { (lambda (x y) (vec (- (* 0.8 x) (* 0.6 y)) (+ (* 0.6 x) (* 0.8 y)))) };
    let polar = scheme! { (lambda (x y) (vec (sqrt (+ (* x x) (* y y))) (atan y x))) };
    let plane = scheme! { (lambda (r angle) (vec (* r (cos angle)) (* r (sin angle)))) };
    let energy = scheme! { (lambda (x v) (vec (+ (* 1/2 v v) (* 9.81 (- 1 (cos x)))))) };
    let warmth = scheme! { (lambda (e) (vec (/ e (+ 1 e)))) };

    let dev = Cpu::default();
    let mut outcomes = Vec::new();
    macro_rules! chain {
        ($($module:ident)+) => {{
            let layers = ($(Layer::new($module, &dev, [])?,)+);
            let modules = [$((stringify!($module), $module.source(), $module.input_names().len())),+];
            outcomes.push(Chain { layers, modules: &modules }.check(study, &dev)?);
        }};
    }
    chain!(polar plane);
    chain!(pendulum energy);
    chain!(turn polar plane);
    chain!(spring friction energy);
    chain!(polar plane turn bounce);
    chain!(bounce friction spring energy);
    chain!(turn spring bounce polar plane);
    chain!(pendulum friction bounce energy warmth);
    chain!(spring friction bounce turn pendulum energy);
    report(study, &outcomes)?;
    Ok(outcomes)
}

impl<M> Chain<'_, M> {
    /// The chain as one program: the modules' texts, each around the one before.
    fn composed(&self) -> Result<StringProgram, Box<dyn Error>> {
        let mut text = "(vec x y)".to_owned();
        for (_, module, takes) in self.modules {
            let numbers: String = (0..*takes).map(|i| format!(" (ref u {i})")).collect();
            text = format!("(let ((u {text})) ({module}{numbers}))");
        }
        Ok(Interpreter::new().load(&text)?)
    }

    fn check<const K: usize>(&self, study: &Study, dev: &Cpu) -> Result<Outcome, Box<dyn Error>>
    where
        M: Module<Rows, Output = Tensor<(usize, Const<K>), f64, Cpu>, Error = CpuError>
            + Module<
                Rows<OwnedTape<f64, Cpu>>,
                Output = Tensor<(usize, Const<K>), f64, Cpu, OwnedTape<f64, Cpu>>,
                Error = CpuError,
            >,
    {
        let composed = self.composed()?;
        let names: Vec<&str> = self.modules.iter().map(|module| module.0).collect();
        let rows = study.size(100, 1000);
        let mut noise = Noise::new();
        let mut points = |range: f64| -> [Vec<f64>; 2] {
            std::array::from_fn(|_| (0..rows).map(|_| range * noise.next()).collect())
        };
        let bar = study.bar(2, &names.join(" "))?;
        let mut ranges = [(0, 0.0); 2];
        for (found, range) in ranges.iter_mut().zip([1.0, 4.0]) {
            let points = points(range);
            *found = compare(&self.layers.try_forward(tensor(dev, &points))?.as_vec(), &composed, &points)?;
            bar.inc(1);
        }
        bar.finish_and_clear();

        let points = points(1.0);
        let whole = Interpreter::new().load(&format!("(vsum {})", composed.source().text()))?;
        let (_, expected) =
            whole.value_and_grad_columns(&["x", "y"], &[("x", &points[0]), ("y", &points[1])], &[])?;
        let x = tensor(dev, &points);
        let gradients = self.layers.try_forward(x.leaky_trace())?.sum().backward();
        let found = gradients.get(&x).as_vec();
        let expected = (0..rows).flat_map(|row| [expected[0][row], expected[1][row]]);
        let (off, size) =
            found.iter().zip(expected).fold((0.0_f64, 0.0_f64), |(off, size), (found, expected)| {
                (larger(off, (found - expected).abs()), larger(size, expected.abs()))
            });

        let along: Vec<f64> = (-200..=200).map(|i| f64::from(i) / 50.0).collect();
        let values = self.layers.try_forward(tensor(dev, &[along.clone(), vec![0.5; along.len()]]))?.as_vec();
        let curve = along.into_iter().zip(values.into_iter().step_by(K)).collect();
        let (chain, depth) = (names.join(" → "), names.len());
        Ok(Outcome { chain, depth, ranges, gradient: off / size, curve })
    }
}

/// Rows from two columns.
fn tensor(dev: &Cpu, [x, y]: &[Vec<f64>; 2]) -> Rows {
    let rows = x.iter().zip(y).flat_map(|(&x, &y)| [x, y]).collect();
    dev.tensor_from_vec(rows, (x.len(), Const))
}

/// How many numbers differ from those of a program in any bit, and the largest difference.
fn compare(
    found: &[f64],
    composed: &StringProgram,
    [x, y]: &[Vec<f64>; 2],
) -> Result<(usize, f64), Box<dyn Error>> {
    let answers = composed.vmap(&[("x", x), ("y", y)], &[])?;
    let expected: Option<Vec<Vec<f64>>> = answers.iter().map(Answer::numbers).collect();
    let expected = expected.ok_or("the composed program gives no numbers")?.concat();
    if found.len() != expected.len() {
        return Err("the composed program gives more numbers, or fewer".into());
    }
    let pairs = || found.iter().zip(&expected);
    let differing = pairs().filter(|(found, expected)| found.to_bits() != expected.to_bits()).count();
    Ok((differing, pairs().map(|(found, expected)| (found - expected).abs()).fold(0.0, larger)))
}

/// The larger of two numbers; nan if one is, which `max` would drop.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

fn report(study: &Study, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let heads = ["chain", "depth", "differ", "error", "differ at 4x", "error at 4x", "gradient"];
    let rows = outcomes.iter().map(|outcome| {
        let [(near, near_error), (far, far_error)] = outcome.ranges;
        [
            outcome.chain.clone(),
            outcome.depth.to_string(),
            near.to_string(),
            format!("{near_error:?}"),
            far.to_string(),
            format!("{far_error:?}"),
            format!("{:.0e}", outcome.gradient),
        ]
    });
    study.table(&[heads.map(str::to_owned)].into_iter().chain(rows).collect::<Vec<_>>())?;
    let lines: Vec<_> =
        outcomes.iter().map(|outcome| (outcome.chain.clone(), outcome.curve.clone())).collect();
    study.draw(&Picture {
        caption: "What chains give at (x, 1/2)",
        axes: ["x", "the first number"],
        lines: &lines,
        points: &[],
    })
}
