//! The gravitational constant from forces in three dimensions, with and without drag.
//!
//! A force between two masses is measured a hundred times, with noise of 2 %, while one of them moves through a gas. The law of
//! gravity is compiled. What drag does to it is, in turn: nothing; left out of the model; a law that is known up to its coefficient; and
//! not known at all, so that a network learns it from the speed.
//!
//! - *Known structure, unknown parameters*: constants alone are best fitted by Levenberg and Marquardt's method, on the
//!   compiled Jacobian. It needs a few steps, and gives standard errors.
//! - *Known term plus learned correction*: the network's output is an input of the program, and Adam trains network and G
//!   together. What the network may do is limited by what is known of drag: it acts against the velocity, and
//!   depends on the speed alone. Then G is fitted as the others, so its standard error is that given the network.
//!
//! In a tenth of a second, with G = 6.674 and the guess 3:
//!
//! ```text
//! model                   G  std. error  off by %     left
//! in vacuum          6.6728      0.0133      0.02    0.998
//! drag left out      2.1858      0.1589     67.25  511.948
//! law of drag known  6.6514      0.0134      0.34    0.976
//! drag learned       6.6548      0.0069      0.29    0.963
//! ```
//!
//! The last column is the mean square of what a model leaves, in units of the noise: 1 where it is right.
//!
//! ```text
//! cargo run --release --example gravity [-- --quick] [FOLDER]
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

mod noise;
pub(crate) mod study;

use dfdx::{
    optim::{Adam, AdamConfig},
    prelude::*,
};
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DVector, Dyn, OMatrix, Owned, SVector};
use noise::Noise;
use scheme_runtime::{
    prelude::*,
    tensors::{Constant, columns},
};
use std::error::Error;
use study::{Picture, Study};

/// The constant that is to be found, and the guess that it is sought from.
pub(crate) const G: f64 = 6.674;
const GUESS: f64 = 3.0;
/// The standard deviation of the noise, relative to the size of a force.
const NOISE: f64 = 0.02;

/// A measurement: two masses, the way from one to the other, the velocity, what a network has for drag, and the force.
type Row = (f64, f64, [f64; 3], [f64; 3], f64, [f64; 3]);
/// A program's inputs: `P` constants, and a row's numbers.
type Inputs<const P: usize> = ([R; P], R, R, [R; 3], [R; 3], R, [R; 3]);

/// One model's result.
pub(crate) struct Outcome {
    pub(crate) model: &'static str,
    pub(crate) g: f64,
    pub(crate) standard_error: f64,
    /// The mean square of what is left, in units of the noise: 1 where the model is right.
    pub(crate) left: f64,
}

/// A model whose value is what is left of a row's force, in units of the noise, and its Jacobian by the constants.
struct Fit<'a, F, J, const P: usize> {
    left: F,
    jacobian: J,
    rows: &'a [Row],
    constants: SVector<f64, P>,
}

impl<F, J, const P: usize> Fit<'_, F, J, P> {
    fn inputs(&self) -> impl Iterator<Item = ([f64; P], f64, f64, [f64; 3], [f64; 3], f64, [f64; 3])> {
        let constants = self.constants.into();
        self.rows.iter().map(move |&(m1, m2, r, v, s, f)| (constants, m1, m2, r, v, s, f))
    }
}

impl<F, J, const P: usize> LeastSquaresProblem<f64, Dyn, nalgebra::Const<P>> for Fit<'_, F, J, P>
where
    F: Function<In = Inputs<P>, Out = [R; 3]>,
    J: Function<In = Inputs<P>, Out = [[R; P]; 3]>,
{
    type ParameterStorage = Owned<f64, nalgebra::Const<P>>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, nalgebra::Const<P>>;

    fn set_params(&mut self, constants: &SVector<f64, P>) {
        self.constants = *constants;
    }

    fn params(&self) -> SVector<f64, P> {
        self.constants
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let rows: Vec<[f64; 3]> = self.inputs().map(|inputs| self.left.call(inputs)).collect();
        Some(DVector::from_row_slice(rows.as_flattened()))
    }

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, nalgebra::Const<P>>> {
        let rows: Vec<[[f64; P]; 3]> = self.inputs().map(|inputs| self.jacobian.call(inputs)).collect();
        let rows = rows.as_flattened();
        Some(OMatrix::<f64, Dyn, nalgebra::Const<P>>::from_fn(rows.len(), |i, j| rows[i][j]))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&Study::from_args("gravity"))?;
    Ok(())
}

/// Fits all models, and reports.
pub(crate) fn run(study: &Study) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let bare = scheme! {
        (: c (vec 1)) (: r (vec 3)) (: _v (vec 3)) (: f (vec 3))
        (lambda (c m1 m2 r _v _s f)
          (/ (- (scale (/ (* (ref c 0) m1 m2) (cube (norm r))) r) f)
             (* 0.02 (norm f))))
    };
    let lawful = scheme! {
        (: c (vec 3)) (: r (vec 3)) (: v (vec 3)) (: f (vec 3))
        (lambda (c m1 m2 r v _s f)
          (let ((pull (scale (/ (* (ref c 0) m1 m2) (cube (norm r))) r))
                (drag (scale (+ (ref c 1) (* (ref c 2) (norm v))) v)))
            (/ (- pull drag f) (* 0.02 (norm f)))))
    };
    let learned = scheme! {
        (: c (vec 1)) (: r (vec 3)) (: v (vec 3)) (: f (vec 3))
        (lambda (c m1 m2 r v s f)
          (let ((pull (scale (/ (* (ref c 0) m1 m2) (cube (norm r))) r)))
            (/ (- pull (scale s v) f) (* 0.02 (norm f)))))
    };
    let mut noise = Noise::new();
    let (vacuum, mut gas) = (measure(&mut noise, 0.0), measure(&mut noise, 1.0));
    let by_g = jacobian(bare).wrt(|x| x.c);
    let mut outcomes = vec![
        fit("in vacuum", bare, by_g, &vacuum, [GUESS])?,
        fit("drag left out", bare, by_g, &gas, [GUESS])?,
        fit("law of drag known", lawful, jacobian(lawful).wrt(|x| x.c), &gas, [GUESS, 0.0, 0.0])?,
    ];
    let (g, drag) = train(study, learned, &mut gas)?;
    outcomes.push(fit("drag learned", learned, jacobian(learned).wrt(|x| x.c), &gas, [g])?);
    report(study, &outcomes, drag)?;
    Ok(outcomes)
}

/// Forces at random places and velocities, mostly of falling; `gas` is 1 where there is gas, or 0.
fn measure(noise: &mut Noise, gas: f64) -> Vec<Row> {
    let force = scheme! {
        (: r (vec 3)) (: v (vec 3))
        (lambda (m1 m2 r v gas)
          (- (scale (/ (* 6.674 m1 m2) (cube (norm r))) r)
             (scale (* gas (+ 0.4 (* 0.3 (norm v)))) v)))
    };
    let along = scheme! { (: d (vec 3)) (lambda (length d) (scale length (normalize d))) };
    let row = |_| {
        let [m1, m2, distance] = [(); 3].map(|()| 1.0 + 4.0 * noise.uniform());
        let speed = 3.0 * noise.uniform();
        let r = along.call((distance, [(); 3].map(|()| noise.next())));
        let v = along.call((speed, r.map(|r| r / distance + 0.5 * noise.next())));
        let f = force.call((m1, m2, r, v, gas));
        let size = norm(f);
        (m1, m2, r, v, 0.0, f.map(|f| f + NOISE * size * noise.next()))
    };
    (0..100).map(row).collect()
}

/// Fits a model's constants, of which the first is that of gravity, by least squares.
fn fit<F, J, const P: usize>(
    model: &'static str,
    left: F,
    jacobian: J,
    rows: &[Row],
    start: [f64; P],
) -> Result<Outcome, Box<dyn Error>>
where
    F: Function<In = Inputs<P>, Out = [R; 3]>,
    J: Function<In = Inputs<P>, Out = [[R; P]; 3]>,
{
    let problem = Fit { left, jacobian, rows, constants: start.into() };
    let (fit, report) = LevenbergMarquardt::new().minimize(problem);
    let (Some(residuals), Some(jacobian), true) =
        (fit.residuals(), fit.jacobian(), report.termination.was_successful())
    else {
        return Err(format!("{model}: the fit did not converge: {:?}", report.termination).into());
    };
    let left = residuals.norm_squared() / (residuals.len() - P) as f64;
    let normal = jacobian.tr_mul(&jacobian).try_inverse().ok_or("the data do not determine the constants")?;
    Ok(Outcome { model, g: fit.constants[0], standard_error: (left * normal[(0, 0)]).sqrt(), left })
}

/// A network that learns drag by the speed.
type Drag = (Linear<1, 16>, Tanh, Linear<16, 1>);

/// Trains a network of the speed together with G, and writes what it has for drag into the rows.
///
/// Gives G, and drag by speed.
fn train<F: Function<In = Inputs<1>, Out = [R; 3]> + 'static>(
    study: &Study,
    left: F,
    rows: &mut [Row],
) -> Result<(f64, Vec<(f64, f64)>), Box<dyn Error>> {
    let dev = Cpu::seed_from_u64(1);
    let n = rows.len();
    let column = |of: fn(&Row) -> f64| dev.tensor_from_vec(rows.iter().map(of).collect(), (n,));
    let vectors = |of: fn(&Row) -> [f64; 3]| {
        let vectors: Vec<[f64; 3]> = rows.iter().map(of).collect();
        dev.tensor_from_vec(vectors.as_flattened().to_vec(), (n, Const::<3>))
    };
    let (m1, m2) = (column(|row| row.0), column(|row| row.1));
    let (r, v, f) = (vectors(|row| row.2), vectors(|row| row.3), vectors(|row| row.5));
    let speeds: Vec<f64> = rows.iter().map(|row| norm(row.3)).collect();
    let speed: Tensor<(usize, Const<1>), f64, Cpu> = dev.tensor_from_vec(speeds.clone(), (n, Const));

    let mut model = (dev.build_module::<Drag, f64>(), dev.tensor([GUESS]));
    let mut adam = Adam::new(&model, AdamConfig { lr: study.size(0.1, 0.02), ..Default::default() });
    let steps = study.size(600, 3000);
    let bar = study.bar(steps, "drag learned")?;
    for _ in 0..steps {
        let [s] = columns(model.0.forward(speed.leaky_trace()))?;
        let ([m1, m2], [r, v, f]) = ([&m1, &m2].map(Constant), [&r, &v, &f].map(Constant));
        let loss = left.forward((&model.1, m1, m2, r, v, s, f))?.square().mean();
        adam.update(&mut model, &loss.backward())?;
        bar.inc(1);
    }
    bar.finish_and_clear();

    let learned = model.0.forward(speed).as_vec();
    for (row, &s) in rows.iter_mut().zip(&learned) {
        row.4 = s;
    }
    let mut drag: Vec<(f64, f64)> = speeds.iter().zip(&learned).map(|(&v, &s)| (v, s * v)).collect();
    drag.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok((model.1.array()[0], drag))
}

fn report(study: &Study, outcomes: &[Outcome], drag: Vec<(f64, f64)>) -> Result<(), Box<dyn Error>> {
    let heads = ["model", "G", "std. error", "off by %", "left"].map(str::to_owned);
    let rows = outcomes.iter().map(|outcome| {
        [
            outcome.model.to_owned(),
            format!("{:.4}", outcome.g),
            format!("{:.4}", outcome.standard_error),
            format!("{:.2}", 100.0 * (outcome.g / G - 1.0).abs()),
            format!("{:.3}", outcome.left),
        ]
    });
    study.table(&[heads].into_iter().chain(rows).collect::<Vec<_>>())?;
    let truth = drag.iter().map(|&(v, _)| (v, (0.4 + 0.3 * v) * v)).collect();
    study.draw(&Picture {
        caption: "Drag by speed",
        axes: ["speed", "drag"],
        lines: &[("the true law".to_owned(), truth), ("the network".to_owned(), drag)],
        points: &[],
    })
}

fn norm(v: [f64; 3]) -> f64 {
    scheme! { (: v (vec 3)) (norm v) }.call(v)
}
