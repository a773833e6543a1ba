//! Fits the unknown constants of a model to measurements.
//!
//! Reads a table of times and angles of a pendulum that swings out, fits amplitude, damping, frequency
//! and phase by least squares with exact derivatives, prints the constants with their standard
//! errors, and draws data and fit. Run it with
//!
//! ```text
//! cargo run --release --example quickstart [DATA.csv [FIT.svg]]
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DVector, Dyn, Matrix4, OMatrix, Owned, U4, Vector4};
use plotters::prelude::*;
use scheme_runtime::prelude::*;
use std::{error::Error, path::Path};

/// One measurement.
struct Row {
    time: f64,
    angle: f64,
}

/// A model with four constants and a time: any compiled function of five numbers.
struct Fit<'a, F> {
    model: F,
    rows: &'a [Row],
    constants: Vector4<f64>,
}

impl<F: Function<In = [R; 5], Out = R>> Fit<'_, F> {
    /// The inputs of the model at a time.
    fn inputs(&self, time: f64) -> [f64; 5] {
        let [a, b, c, d] = self.constants.into();
        [a, b, c, d, time]
    }
}

impl<F: Function<In = [R; 5], Out = R>> LeastSquaresProblem<f64, Dyn, U4> for Fit<'_, F> {
    type ParameterStorage = Owned<f64, U4>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, U4>;

    fn set_params(&mut self, constants: &Vector4<f64>) {
        self.constants = *constants;
    }

    fn params(&self) -> Vector4<f64> {
        self.constants
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let residual = |row: &Row| self.model.call(self.inputs(row.time)) - row.angle;
        Some(DVector::from_iterator(self.rows.len(), self.rows.iter().map(residual)))
    }

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, U4>> {
        let gradient = grad(self.model);
        let rows = self.rows.iter().map(|row| gradient.call(self.inputs(row.time)));
        let rows: Vec<_> = rows.collect();
        Some(OMatrix::<f64, Dyn, U4>::from_fn(rows.len(), |i, j| rows[i][j]))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/data/ring_down.csv");
    let data = arguments.next().unwrap_or_else(|| shipped.to_owned());
    let plot = arguments.next().unwrap_or_else(|| "ring_down.svg".to_owned());
    run(Path::new(&data), Path::new(&plot))?;
    Ok(())
}

/// Fits the data of one file and draws the fit into another; gives the constants and their standard errors.
pub(crate) fn run(data: &Path, plot: &Path) -> Result<[Vector4<f64>; 2], Box<dyn Error>> {
    let model = scheme! {
        (lambda (amplitude damping frequency phase t)
          (* amplitude
             (exp (- (* damping t)))
             (cos (+ (* frequency t) phase))))
    };
    let rows = read(data)?;
    let start = Vector4::new(1.0, 0.1, 2.0, 0.0);
    let (fit, report) = LevenbergMarquardt::new().minimize(Fit { model, rows: &rows, constants: start });
    if !report.termination.was_successful() {
        return Err(format!("the fit did not converge: {:?}", report.termination).into());
    }

    let errors = standard_errors(&fit).ok_or("the constants are not determined by the data")?;
    println!(
        "{} rows, {} evaluations, sum of squares {:.6}",
        rows.len(),
        report.number_of_evaluations,
        2.0 * report.objective_function
    );
    println!("{:<12}{:>12}{:>14}", "constant", "value", "std. error");
    for (i, name) in model.input_names().iter().take(4).enumerate() {
        println!("{name:<12}{:>12.5}{:>14.5}", fit.constants[i], errors[i]);
    }
    draw(plot, &fit)?;
    println!("data and fit are drawn in {}", plot.display());
    Ok([fit.constants, errors])
}

fn read(path: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path)?;
    let row = |record: csv::StringRecord| match (record.get(0), record.get(1)) {
        (Some(time), Some(angle)) => Ok(Row { time: time.parse()?, angle: angle.parse()? }),
        _ => Err("a row needs a time and an angle".into()),
    };
    reader.records().map(|record| row(record?)).collect()
}

/// The square roots of the diagonal of s²·(JᵀJ)⁻¹, where s² is the residual variance.
fn standard_errors<F: Function<In = [R; 5], Out = R>>(fit: &Fit<'_, F>) -> Option<Vector4<f64>> {
    let (residuals, jacobian) = (fit.residuals()?, fit.jacobian()?);
    let freedom = residuals.len().checked_sub(4).filter(|n| *n > 0)?;
    let variance = residuals.norm_squared() / freedom as f64;
    let normal: Matrix4<f64> = jacobian.tr_mul(&jacobian);
    Some(normal.try_inverse()?.diagonal().map(|d| (variance * d).sqrt()))
}

fn draw<F: Function<In = [R; 5], Out = R>>(path: &Path, fit: &Fit<'_, F>) -> Result<(), Box<dyn Error>> {
    let end = fit.rows.iter().map(|r| r.time).fold(0.0, f64::max);
    let most = fit.rows.iter().map(|r| r.angle.abs()).fold(0.0, f64::max) * 1.1;
    let root = SVGBackend::new(path, (800, 480)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption("A pendulum swings out", ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(50)
        .build_cartesian_2d(0.0..end, -most..most)?;
    chart.configure_mesh().x_desc("time / s").y_desc("angle / rad").draw()?;
    let curve = (0..=400).map(|i| end * f64::from(i) / 400.0).map(|t| (t, fit.model.call(fit.inputs(t))));
    chart.draw_series(LineSeries::new(curve, &BLUE))?;
    chart.draw_series(fit.rows.iter().map(|r| Circle::new((r.time, r.angle), 3, RED.filled())))?;
    root.present()?;
    Ok(())
}
