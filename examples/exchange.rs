//! Laws from strings as a layer of a network, exchanged while it is trained.
//!
//! A pendulum's acceleration is read from a sensor that saturates in a way that is not known: a network is to learn it, and a law of
//! motion before it gives the acceleration from angle and velocity. Laws come as strings when the program runs, as
//! from a user or a language model. Each has its turn: it takes the place of the one before, and
//! training goes on with the weights, the constants and the optimiser as they are. A law that does not fit into the
//! network is refused, and the network is as it was. At last the best one is put back.
//!
//! In a quarter of a second, with noise of 0.05:
//!
//! ```text
//! law              deviation  refused
//! spring              0.5433
//! stiff spring        0.6055
//! pendulum            0.0656
//! pendulum in gas             E0302 at 1:1: the program has no input `b` (hint: its inputs are: k, theta, drag, omega)
//! pendulum            0.0588
//! ```
//!
//! ```text
//! cargo run --release --example exchange [-- --quick] [FOLDER]
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
use scheme_runtime::{Interpreter, StringProgram, prelude::*, tensors::StringLayer};
use std::error::Error;
use study::{Picture, Study};

/// Laws as they are proposed, of angle and velocity with the constants `k` and `b`.
const LAWS: [(&str, &str); 4] = [
    ("spring", "(vec (- 0 (* k theta) (* b omega)))"),
    ("stiff spring", "(vec (- 0 (* k (cube theta)) (* b omega)))"),
    ("pendulum", "(vec (- 0 (* k (sin theta)) (* b omega)))"),
    ("pendulum in gas", "(vec (- 0 (* k (sin theta)) (* drag omega (abs omega))))"),
];
const ROWS: usize = 200;
/// The standard deviation of the noise of a reading.
pub(crate) const NOISE: f64 = 0.05;

/// A law of two columns and two trainable constants, and what a sensor makes of it.
type Model = (StringLayer<[R; 1], 2, 2, 0, f64, Cpu>, Sensor);
type Sensor = (modules::Linear<1, 8, f64, Cpu>, Tanh, modules::Linear<8, 1, f64, Cpu>);

/// A law's turn.
pub(crate) struct Turn {
    pub(crate) law: &'static str,
    /// The deviation from the readings at the end of its turn, or why it had none.
    pub(crate) deviation: Result<f64, String>,
}

/// What is trained, and how far it came.
struct Training {
    model: Model,
    adam: Adam<Model, f64, Cpu>,
    states: Tensor<(usize, Const<2>), f64, Cpu>,
    readings: Tensor<(usize, Const<1>), f64, Cpu>,
    /// The common logarithm of the deviation at each step.
    history: Vec<(f64, f64)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&Study::from_args("exchange"))?;
    Ok(())
}

/// Gives each law its turn and the best one another, and reports.
pub(crate) fn run(study: &Study) -> Result<Vec<Turn>, Box<dyn Error>> {
    let interpreter = Interpreter::new();
    let steps = study.size(300, 1500);
    let [(_, first), ..] = LAWS;
    let mut training = Training::new(study, interpreter.load(first)?)?;
    let bar = study.bar(steps * LAWS.len(), "laws in turn")?;
    let mut turns = Vec::new();
    let mut best: Option<(f64, &'static str, StringProgram)> = None;
    for (law, text) in LAWS {
        let program = interpreter.load(text)?;
        let deviation = match training.model.0.swap(program.clone()) {
            Ok(_) => Ok(training.train(steps, || bar.inc(1))?),
            Err(misfit) => Err(misfit.to_string()),
        };
        if let Ok(deviation) = deviation
            && best.as_ref().is_none_or(|(least, ..)| deviation < *least)
        {
            best = Some((deviation, law, program));
        }
        turns.push(Turn { law, deviation });
    }
    let (_, law, program) = best.ok_or("no law fits into the network")?;
    training.model.0.swap(program)?;
    turns.push(Turn { law, deviation: Ok(training.train(steps, || bar.inc(1))?) });
    bar.finish_and_clear();
    report(study, &turns, &training)?;
    Ok(turns)
}

impl Training {
    /// Readings of a pendulum, and a law before a network.
    fn new(study: &Study, law: StringProgram) -> Result<Self, Box<dyn Error>> {
        let reading = scheme! {
            (lambda (theta omega) (* 8 (tanh (/ (- 0 (* 9.81 (sin theta)) (* 0.3 omega)) 8))))
        };
        let dev = Cpu::seed_from_u64(1);
        let mut noise = Noise::new();
        let (mut states, mut readings) = (Vec::new(), Vec::new());
        for _ in 0..ROWS {
            let state = [5.6, 8.0].map(|width| width * (noise.uniform() - 0.5));
            states.extend(state);
            readings.push(reading.call(state) + NOISE * noise.next());
        }
        let law = StringLayer::new(law, &dev, ["theta", "omega"], [("k", 1.0), ("b", 0.0)], [])?;
        let model = (law, dev.build_module::<(Linear<1, 8>, Tanh, Linear<8, 1>), f64>());
        let adam = Adam::new(&model, AdamConfig { lr: study.size(0.03, 0.02), ..Default::default() });
        let states = dev.tensor_from_vec(states, (ROWS, Const));
        let readings = dev.tensor_from_vec(readings, (ROWS, Const));
        Ok(Self { model, adam, states, readings, history: Vec::new() })
    }

    /// Some steps; gives the deviation from the readings.
    fn train(&mut self, steps: usize, step: impl Fn()) -> Result<f64, Box<dyn Error>> {
        let mut deviation = f64::INFINITY;
        for _ in 0..steps {
            let found = self.model.forward(self.states.leaky_trace());
            let loss: Tensor<Rank0, f64, Cpu, _> = (found - self.readings.clone()).square().mean();
            deviation = loss.array().sqrt();
            self.history.push((self.history.len() as f64, deviation.log10()));
            self.adam.update(&mut self.model, &loss.backward())?;
            step();
        }
        Ok(deviation)
    }
}

fn report(study: &Study, turns: &[Turn], training: &Training) -> Result<(), Box<dyn Error>> {
    let rows = turns.iter().map(|turn| match &turn.deviation {
        Ok(deviation) => [turn.law.to_owned(), format!("{deviation:.4}"), String::new()],
        Err(misfit) => [turn.law.to_owned(), String::new(), misfit.clone()],
    });
    let heads = ["law", "deviation", "refused"].map(str::to_owned);
    study.table(&[heads].into_iter().chain(rows).collect::<Vec<_>>())?;
    study.draw(&Picture {
        caption: "A network whose law is exchanged",
        axes: ["step", "log10 of the deviation"],
        lines: &[("laws in turn".to_owned(), training.history.clone())],
        points: &[],
    })
}
