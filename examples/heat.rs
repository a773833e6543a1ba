//! The heat equation on a rod: its diffusivity, from exact data, and beside an unknown source of heat.
//!
//! Fifty rods of ten points, whose ends touch ice, are watched for five steps of 0.1. The step of a point is compiled, from its
//! temperature and those of its neighbours; rows are the points of all rods at all times.
//!
//! - *Known structure, unknown parameters*: on exact data, diffusivity is found to machine precision.
//! - *Known term plus learned correction*: something heats the rods. Left out, it spoils diffusivity; so a network
//!   gives the source at each place, as an input of the program. Diffusivity is still identified: the source is the same for
//!   all rods, and what flows is not.
//!
//! The constant is in units of its guess, so that it is of size one, as Adam's steps are. In 1.3 seconds, with a
//! diffusivity of 0.01 and the guess 0.005:
//!
//! ```text
//! model            diffusivity  off by    left
//! no source         0.01000000   0.0e0   0.0e0
//! source left out   0.00987915  1.2e-2  2.2e-2
//! source learned    0.00999992  8.5e-6  3.1e-5
//! ```
//!
//! ```text
//! cargo run --release --example heat [-- --quick] [FOLDER]
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

mod noise;
pub(crate) mod study;

use dfdx::{
    optim::{Adam, AdamConfig},
    prelude::*,
};
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DVector, Dyn, Owned, U1, Vector1};
use noise::Noise;
use scheme_runtime::{prelude::*, tensors::Constant};
use std::error::Error;
use study::{Picture, Study};

/// The diffusivity that is to be found, and the guess that it is sought from.
pub(crate) const ALPHA: f64 = 0.01;
const GUESS: f64 = 0.005;
const RODS: usize = 50;
const STEPS: usize = 5;

/// Temperatures along a rod.
type Rod = [f64; 10];
/// The program's inputs: diffusivity in units of the guess, a point and its neighbours, and the source.
type Inputs = [R; 5];

/// Points of rods at all times, place by place.
#[derive(Default)]
struct Points {
    before: Vec<f64>,
    here: Vec<f64>,
    after: Vec<f64>,
    /// A step later.
    later: Vec<f64>,
}

/// One model's result.
pub(crate) struct Outcome {
    pub(crate) model: &'static str,
    pub(crate) alpha: f64,
    /// The root of the mean square of what the model leaves.
    pub(crate) left: f64,
}

impl Outcome {
    /// How far the constant is off.
    pub(crate) fn error(&self) -> f64 {
        (self.alpha / ALPHA - 1.0).abs()
    }
}

/// The program of a step, its derivative by diffusivity, and what was measured.
struct Fit<'a, F, J> {
    step: F,
    derivative: J,
    points: &'a Points,
    source: Vec<f64>,
    scale: f64,
}

impl<F: Function<In = Inputs, Out = R>, J: Function<In = Inputs, Out = R>> Fit<'_, F, J> {
    /// A function of the inputs, at each point.
    fn at_points(&self, function: impl Function<In = Inputs, Out = R>) -> Option<DVector<f64>> {
        let Points { before, here, after, .. } = self.points;
        let rows = vmap(function).call((self.scale, before, here, after, &self.source));
        rows.ok().map(DVector::from_vec)
    }
}

impl<F, J> LeastSquaresProblem<f64, Dyn, U1> for Fit<'_, F, J>
where
    F: Function<In = Inputs, Out = R>,
    J: Function<In = Inputs, Out = R>,
{
    type ParameterStorage = Owned<f64, U1>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, U1>;

    fn set_params(&mut self, scale: &Vector1<f64>) {
        self.scale = scale.x;
    }

    fn params(&self) -> Vector1<f64> {
        Vector1::new(self.scale)
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(self.at_points(self.step)? - DVector::from_column_slice(&self.points.later))
    }

    fn jacobian(&self) -> Option<DVector<f64>> {
        self.at_points(self.derivative)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&Study::from_args("heat"))?;
    Ok(())
}

/// Fits all models, and reports.
pub(crate) fn run(study: &Study) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let step = scheme! {
        (lambda (scale-of-guess before here after source)
          (let ((alpha (* 0.005 scale-of-guess))
                (bend (/ (+ before (* -2 here) after) (square 0.1))))
            (+ here (* 0.1 (+ (* alpha bend) source)))))
    };
    let derivative = grad(step).wrt(|x| x.scale_of_guess);
    let source = scheme! { (* 0.5 (exp (- (square (/ (- x 0.3) 0.15))))) };
    let places: Rod = std::array::from_fn(|i| 0.1 * (i as f64 + 1.0));
    let heated = places.map(|x| source.call(x));

    let (exact, warmed) = (watch(step, [0.0; 10]), watch(step, heated));
    let fit = |model, points: &Points, source: Rod, scale| {
        let source = source.repeat(points.here.len() / 10);
        fit(model, Fit { step, derivative, points, source, scale })
    };
    let mut outcomes =
        vec![fit("no source", &exact, [0.0; 10], 1.0)?, fit("source left out", &warmed, [0.0; 10], 1.0)?];
    let (scale, learned) = train(study, step, places, &warmed)?;
    outcomes.push(fit("source learned", &warmed, learned, scale)?);
    report(study, &outcomes, places, [heated, learned])?;
    Ok(outcomes)
}

/// Rods at random temperatures, at all steps.
fn watch(step: impl Function<In = Inputs, Out = R>, source: Rod) -> Points {
    let (mut points, mut noise) = (Points::default(), Noise::new());
    for _ in 0..RODS {
        let mut rod: Rod = std::array::from_fn(|_| noise.next().abs());
        for _ in 0..STEPS {
            let temperature = |i: usize| rod.get(i).copied().unwrap_or(0.0);
            let neighbours = |i: usize| [temperature(i.wrapping_sub(1)), temperature(i), temperature(i + 1)];
            let later = std::array::from_fn(|i| {
                let [before, here, after] = neighbours(i);
                points.before.push(before);
                points.here.push(here);
                points.after.push(after);
                step.call([ALPHA / GUESS, before, here, after, source[i]])
            });
            points.later.extend(later);
            rod = later;
        }
    }
    points
}

/// Fits diffusivity by least squares, with the source that is given.
fn fit<F, J>(model: &'static str, start: Fit<'_, F, J>) -> Result<Outcome, Box<dyn Error>>
where
    F: Function<In = Inputs, Out = R>,
    J: Function<In = Inputs, Out = R>,
{
    let (fit, report) = LevenbergMarquardt::new().minimize(start);
    let (Some(left), true) = (fit.residuals(), report.termination.was_successful()) else {
        return Err(format!("{model}: the fit did not converge: {:?}", report.termination).into());
    };
    let left = (left.norm_squared() / left.len() as f64).sqrt();
    Ok(Outcome { model, alpha: GUESS * fit.scale, left })
}

/// A network that learns the source by place.
type Source = (Linear<1, 24>, Tanh, Linear<24, 1>);

/// Trains a network of the place together with diffusivity; gives this in units of the guess, and the source.
fn train<F: Function<In = Inputs, Out = R> + 'static>(
    study: &Study,
    step: F,
    places: Rod,
    points: &Points,
) -> Result<(f64, Rod), Box<dyn Error>> {
    let dev = Cpu::seed_from_u64(1);
    let rods = (points.here.len() / 10, Const::<10>);
    let tensor = |column: &Vec<f64>| dev.tensor_from_vec(column.clone(), rods);
    let Points { before, here, after, later } = points;
    let [before, here, after, later] = [before, here, after, later].map(tensor);
    let places: Tensor<Rank2<10, 1>, f64, Cpu> = dev.tensor(places.map(|place| [place]));

    let scale: Tensor<Rank0, f64, Cpu> = dev.tensor(1.0);
    let mut model = (dev.build_module::<Source, f64>(), scale);
    let steps = study.size(600, 30000);
    let last: f64 = study.size(0.01, 1e-5);
    let mut adam = Adam::new(&model, AdamConfig { lr: 0.02, ..Default::default() });
    let bar = study.bar(steps, "source learned")?;
    for _ in 0..steps {
        let source = model.0.forward(places.leaky_trace()).reshape::<Rank1<10>>();
        let [before, here, after] = [&before, &here, &after].map(Constant);
        let found = step.forward((&model.1, before, here, after, source.broadcast_like(&rods)))?;
        let loss = (found - later.clone()).square().mean();
        adam.update(&mut model, &loss.backward())?;
        adam.cfg.lr *= (last / 0.02).powf(1.0 / steps as f64);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok((model.1.array(), model.0.forward(places).reshape::<Rank1<10>>().array()))
}

fn report(study: &Study, outcomes: &[Outcome], places: Rod, sources: [Rod; 2]) -> Result<(), Box<dyn Error>> {
    let heads = ["model", "diffusivity", "off by", "left"].map(str::to_owned);
    let rows = outcomes.iter().map(|outcome| {
        let Outcome { model, alpha, left } = outcome;
        [
            (*model).to_owned(),
            format!("{alpha:.8}"),
            format!("{:.1e}", outcome.error()),
            format!("{left:.1e}"),
        ]
    });
    study.table(&[heads].into_iter().chain(rows).collect::<Vec<_>>())?;
    let [truth, learned] = sources.map(|source| places.into_iter().zip(source).collect::<Vec<_>>());
    study.draw(&Picture {
        caption: "What heats the rods",
        axes: ["place", "heat"],
        lines: &[("the true source".to_owned(), truth), ("the network".to_owned(), learned)],
        points: &[],
    })
}
