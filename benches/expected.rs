//! What the programs give at a point, for peers to be checked against: compares `peers/expected.json` with what the macro
//! gives, or, with `BLESS=1`, writes it.
#![allow(clippy::print_stderr)]

use programs::{
    Add, Chain, Coulomb, Discriminant, Dot, Ema, Fib, Gaussian, Kalman, Logistic, Lotka100, Lotka1000, Model,
    Pendulum, Tree,
};
use serde_json::{Map, Value, json};
use std::{env, error::Error, fs, path::Path, process::ExitCode};

/// A program's inputs, where they are taken from, and its value and gradient at a point.
fn add<M: Model<N>, const N: usize>(programs: &mut Map<String, Value>) {
    let x = M::point(7);
    let (value, gradient) = M::compiled_gradient(x);
    let ranges = M::RANGES.map(|(low, high)| [low, high]);
    programs.insert(
        M::NAME.to_lowercase(),
        json!({
            "inputs": M::INPUTS[..], "ranges": ranges[..], "at": x[..], "value": value, "gradient": gradient[..],
        }),
    );
}

fn expected() -> Value {
    let mut programs = Map::new();
    let all = &mut programs;
    add::<Add, 2>(all);
    add::<Coulomb, 4>(all);
    add::<Gaussian, 3>(all);
    add::<Pendulum, 5>(all);
    add::<Discriminant, 3>(all);
    add::<Dot, 8>(all);
    add::<Chain, 2>(all);
    add::<Tree, 4>(all);
    add::<Lotka100, 6>(all);
    add::<Lotka1000, 6>(all);
    add::<Logistic, 2>(all);
    add::<Fib, 2>(all);
    add::<Ema, 2>(all);
    add::<Kalman, 2>(all);
    Value::Object(programs)
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/expected.json");
    let expected = expected();
    if env::var_os("BLESS").is_some() {
        fs::write(path, format!("{expected:#}\n"))?;
    } else if fs::read_to_string(&path)?.parse::<Value>()? != expected {
        eprintln!("{} is not what the programs give; `BLESS=1` writes it", path.display());
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
