//! A damped pendulum: gravity is compiled and its constant g/L is unknown, friction is learned by a network.
//!
//! The model of the acceleration is the known term plus a learned correction, `c - g/L sin θ`, and both are trained
//! together by Adam on measured accelerations. Fitted like that it fails: a network that may depend on the angle
//! can be any multiple of `sin θ`, so that all values of g/L explain the data equally well and the one that is found is where
//! the network happened to overtake the constant. The loss is small, the constant is wrong.
//!
//! What is not identified must be made so, by something that is known besides. Four such things, each enough:
//!
//! - friction depends on the velocity alone: the network sees nothing else, and gravity is out of its reach;
//! - friction takes energy away, whatever it depends on: the correction is `-softplus(c) ω`, which is nothing where the
//!   pendulum turns, and there gravity is seen alone;
//! - the known term explains what it can: the mean square of the correction is a part of the loss, so of all pairs
//!   that fit, the one with the least correction is sought;
//! - the same in two stages: g/L is fitted alone, then held while the network learns the rest.
//!
//! The last two give all that lies along `sin θ` to gravity, friction's own part as well, which is small over whole swings,
//! where as much energy comes as goes. In 6 seconds, with g/L = 9.81, the guess 5 and noise of 0.05:
//!
//! ```text
//! way to train               g/L  off by %  in the network  deviation
//! network sees everything  5.457     44.38           4.006     0.0497
//! network sees velocity    9.814      0.04          -0.354     0.0494
//! friction takes energy    9.767      0.44          -0.308     0.0476
//! small correction         9.459      3.57          -0.000     0.0869
//! two stages               9.460      3.57          -0.000     0.0482
//! ```
//!
//! Where the model may see everything, the gravity that the constant lacks is in the network.
//!
//! ```text
//! cargo run --release --example pendulum [-- --quick] [FOLDER]
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

mod noise;
pub(crate) mod study;

use dfdx::{
    nn::modules,
    optim::{Adam, AdamConfig},
    prelude::*,
};
use noise::Noise;
use scheme_runtime::{
    prelude::*,
    tensors::{Constant, columns},
};
use std::error::Error;
use study::{Picture, Study};

/// The constant that is to be found, and the guess that it is sought from.
pub(crate) const G_OVER_L: f64 = 9.81;
const GUESS: f64 = 5.0;
/// The standard deviation of the noise of an acceleration.
pub(crate) const NOISE: f64 = 0.05;

/// Sees `N` numbers, and gives the correction.
type Network<const N: usize> = (
    (modules::Linear<N, 16, f64, Cpu>, Tanh),
    (modules::Linear<16, 16, f64, Cpu>, Tanh),
    modules::Linear<16, 1, f64, Cpu>,
);
type Column = Tensor<(usize,), f64, Cpu>;

/// What was measured.
struct Data {
    theta: Column,
    omega: Column,
    acceleration: Column,
}

/// What came out of one way to train.
pub(crate) struct Outcome {
    pub(crate) way: &'static str,
    pub(crate) g_over_l: f64,
    /// The network's part that is a multiple of `sin θ`, by least squares: the gravity that it took over.
    pub(crate) absorbed: f64,
    /// The deviation of the model from the measurements.
    pub(crate) deviation: f64,
    /// The constant at each step.
    history: Vec<(f64, f64)>,
}

/// A way to train a network beside a program of `g/L`, `θ`, `ω` and the network's output.
struct Way<'a, F, const N: usize> {
    name: &'static str,
    program: F,
    /// What the network sees.
    sees: &'a Tensor<(usize, Const<N>), f64, Cpu>,
    /// What the mean square of the correction costs.
    penalty: f64,
    /// Fits the constant alone first, then the network alone.
    in_stages: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&Study::from_args("pendulum"))?;
    Ok(())
}

/// Trains in each way, and reports.
pub(crate) fn run(study: &Study) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let dev = Cpu::seed_from_u64(1);
    let data = measure(&dev, study.size(4, 10), study.size(24, 60));
    let rows = data.theta.shape().0;
    let both = [data.theta.as_vec(), data.omega.as_vec()];
    let both: Vec<f64> = (0..rows).flat_map(|row| [both[0][row], both[1][row]]).collect();
    let both: &Tensor<(usize, Const<2>), f64, Cpu> = &dev.tensor_from_vec(both, (rows, Const));
    let velocity: &Tensor<(usize, Const<1>), f64, Cpu> =
        &dev.tensor_from_vec(data.omega.as_vec(), (rows, Const));

    let added = scheme! { (lambda (k theta _omega c) (- c (* k (sin theta)))) };
    let slowing = scheme! { (lambda (k theta omega c) (- (+ (* k (sin theta)) (* (softplus c) omega)))) };
    let plain = |name, sees| Way { name, program: added, sees, penalty: 0.0, in_stages: false };
    let outcomes = vec![
        plain("network sees everything", both).train(study, &data)?,
        Way { name: "network sees velocity", program: added, sees: velocity, penalty: 0.0, in_stages: false }
            .train(study, &data)?,
        Way { name: "friction takes energy", program: slowing, sees: both, penalty: 0.0, in_stages: false }
            .train(study, &data)?,
        Way { penalty: 0.1, ..plain("small correction", both) }.train(study, &data)?,
        Way { in_stages: true, ..plain("two stages", both) }.train(study, &data)?,
    ];
    report(study, &outcomes)?;
    Ok(outcomes)
}

/// Swings from several angles, sampled at equal times.
fn measure(dev: &Cpu, swings: usize, times: usize) -> Data {
    let acceleration = scheme! {
        (lambda (theta omega) (- (+ (* 9.81 (sin theta)) (* 0.3 omega) (* 0.1 omega (abs omega)))))
    };
    let later = scheme! {
        (define (change t state)
          (let ((theta (ref state 0)) (omega (ref state 1)))
            (vec omega (- (+ (* 9.81 (sin theta)) (* 0.3 omega) (* 0.1 omega (abs omega)))))))
        (lambda (theta omega) (rk4 change (vec theta omega) 0 0.01 10))
    };
    let mut noise = Noise::new();
    let [mut theta, mut omega, mut measured] = [const { Vec::new() }; 3];
    for swing in 0..swings {
        let mut state = [0.4 + 2.0 * swing as f64 / swings as f64, 0.0];
        for _ in 0..times {
            theta.push(state[0]);
            omega.push(state[1]);
            measured.push(acceleration.call(state) + NOISE * noise.next());
            state = later.call(state);
        }
    }
    let rows = swings * times;
    let [theta, omega, acceleration] =
        [theta, omega, measured].map(|column| dev.tensor_from_vec(column, (rows,)));
    Data { theta, omega, acceleration }
}

impl<F: Function<In = [R; 4], Out = R> + 'static, const N: usize> Way<'_, F, N> {
    /// Trains; all ways have the same steps of the same optimiser from the same guess.
    fn train(self, study: &Study, data: &Data) -> Result<Outcome, Box<dyn Error>> {
        let dev = Cpu::seed_from_u64(2);
        let mut network = dev.build_module::<NetworkOf<N>, f64>();
        let mut k: Tensor<Rank0, f64, Cpu> = dev.tensor(GUESS);
        let config = AdamConfig { lr: study.size(0.08, 0.01), ..Default::default() };
        let (mut network_adam, mut k_adam) = (Adam::new(&network, config), Adam::new(&k, config));

        let steps = study.size(350, 4000);
        let bar = study.bar(steps, self.name)?;
        let mut history = Vec::new();
        for step in 0..steps {
            let alone = self.in_stages && step < steps / 2;
            let mut correction = network.forward(self.sees.leaky_trace());
            if alone {
                // Takes the network out, and its gradient.
                correction = correction * 0.0;
            }
            let penalty = correction.with_empty_tape().square().mean() * self.penalty;
            let [c] = columns(correction)?;
            let acceleration = self.program.forward((&k, Constant(&data.theta), Constant(&data.omega), c))?;
            let loss = (acceleration - data.acceleration.clone()).square().mean() + penalty;
            let gradients = loss.backward();
            if alone || !self.in_stages {
                k_adam.update(&mut k, &gradients)?;
            }
            if !alone {
                network_adam.update(&mut network, &gradients)?;
            }
            history.push((step as f64, k.array()));
            bar.inc(1);
        }
        bar.finish_and_clear();
        self.judge(data, &network, k.array(), history)
    }

    /// What the trained model is worth.
    fn judge(
        &self,
        data: &Data,
        network: &Network<N>,
        k: f64,
        history: Vec<(f64, f64)>,
    ) -> Result<Outcome, Box<dyn Error>> {
        let [c] = columns(network.forward(self.sees.clone()))?;
        let model = self.program.forward((k, &data.theta, &data.omega, c))?.as_vec();
        let gravity = scheme! { (lambda (theta) (- (sin theta))) }.forward(&data.theta)?.as_vec();
        let rows = || model.iter().zip(&gravity).zip(data.acceleration.as_vec());
        let absorbed: f64 = rows().map(|((model, gravity), _)| (model - k * gravity) * gravity).sum();
        let squares: f64 = rows().map(|((model, _), measured)| (model - measured).powi(2)).sum();
        Ok(Outcome {
            way: self.name,
            g_over_l: k,
            absorbed: absorbed / gravity.iter().map(|gravity| gravity * gravity).sum::<f64>(),
            deviation: (squares / gravity.len() as f64).sqrt(),
            history,
        })
    }
}

/// The network by type, as dfdx builds it.
type NetworkOf<const N: usize> = ((Linear<N, 16>, Tanh), (Linear<16, 16>, Tanh), Linear<16, 1>);

impl Outcome {
    /// How far the constant is off.
    pub(crate) fn error(&self) -> f64 {
        (self.g_over_l / G_OVER_L - 1.0).abs()
    }
}

fn report(study: &Study, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let heads = ["way to train", "g/L", "off by %", "in the network", "deviation"].map(str::to_owned);
    let rows = outcomes.iter().map(|outcome| {
        [
            outcome.way.to_owned(),
            format!("{:.3}", outcome.g_over_l),
            format!("{:.2}", 100.0 * outcome.error()),
            format!("{:.3}", outcome.absorbed),
            format!("{:.4}", outcome.deviation),
        ]
    });
    study.table(&[heads].into_iter().chain(rows).collect::<Vec<_>>())?;
    let lines: Vec<_> =
        outcomes.iter().map(|outcome| (outcome.way.to_owned(), outcome.history.clone())).collect();
    study.draw(&Picture {
        caption: "The constant of gravity while it is trained",
        axes: ["step", "g/L"],
        lines: &lines,
        points: &[],
    })
}
