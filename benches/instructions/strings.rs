//! Programs from strings: loading, value and gradient at a point whose path is known, by name and by
//! position, the first times and once the gradient is written out, and over rows; and the same point through the macro. Each is a function of its own, whose name the counts go by.

use programs::{
    Add, Chain, Coulomb, Discriminant, Dot, Ema, Fib, Gaussian, Kalman, Logistic, Lotka100, Model, Pendulum,
    Tree,
};
use scheme_runtime::{Interpreter, Prepared, StringProgram};
use std::hint::black_box;

/// Rows of a call over rows.
const ROWS: usize = 200;

/// Calls until a program does the same in each: its path is known.
const BEFORE: usize = 4;

/// Calls by position until the gradient is written out.
const OFTEN: usize = 260;

type Point<'a> = [(&'a str, f64)];
type Columns<'a> = [(&'a str, &'a [f64])];

macro_rules! programs {
    ($($module:ident $model:ident $n:literal $calls:literal;)*) => {
        $(mod $module {
            use super::*;

            #[inline(never)]
            pub(super) fn load() -> StringProgram {
                Interpreter::new().load(black_box($model::TEXT)).expect("it loads")
            }

            #[inline(never)]
            pub(super) fn call(program: &StringProgram, at: &Point<'_>) -> (f64, Vec<f64>) {
                program.value_and_grad(&$model::INPUTS, at).expect("it has a gradient")
            }

            #[inline(never)]
            pub(super) fn prepared(program: &mut Prepared, x: &[f64]) -> f64 {
                // Named, or the compiler would make one function of those of all programs.
                match program.value_and_grad(x) {
                    Ok((value, _)) => value,
                    Err(error) => panic!("{}: {error}", $model::NAME),
                }
            }

            #[inline(never)]
            pub(super) fn written(program: &mut Prepared, x: &[f64]) -> [f64; 2] {
                match program.value_and_grad(x) {
                    Ok((value, gradient)) => [value, gradient[0]],
                    Err(error) => panic!("{}: {error}", $model::NAME),
                }
            }

            #[inline(never)]
            pub(super) fn rows(program: &StringProgram, columns: &Columns<'_>) -> usize {
                program.value_and_grad_columns(&$model::INPUTS, columns, &[]).expect("rows").0.len()
            }

            #[inline(never)]
            pub(super) fn compiled(x: &[f64; $n]) -> (f64, [f64; $n]) {
                $model::compiled_gradient(*x)
            }
        })*

        /// Counted runs; prints how many calls of each function of a module there were.
        pub(crate) fn run() {
            $(
                let x = black_box($model::point(7));
                let at: [(&str, f64); $n] = std::array::from_fn(|k| ($model::INPUTS[k], x[k]));
                let columns: [Vec<f64>; $n] =
                    std::array::from_fn(|k| (0..ROWS).map(|row| $model::point(row)[k]).collect());
                let columns: [(&str, &[f64]); $n] =
                    std::array::from_fn(|k| ($model::INPUTS[k], &columns[k][..]));
                let program = Interpreter::new().load($model::TEXT).expect("it loads");
                let mut prepared = program.prepare(&$model::INPUTS, &$model::INPUTS).expect("numbers");
                for _ in 0..BEFORE {
                    black_box($model::compiled_gradient(x));
                    prepared.value_and_grad(&x).expect("it has a gradient");
                    program.value_and_grad(&$model::INPUTS, &at).expect("it has a gradient");
                    program.value_and_grad_columns(&$model::INPUTS, &columns, &[]).expect("rows");
                }
                for _ in 0..$calls {
                    black_box($module::load());
                    let (value, _) = $module::call(&program, black_box(&at));
                    assert_eq!(value.to_bits(), $module::compiled(&x).0.to_bits(), "{}", $model::NAME);
                    let by_position = $module::prepared(&mut prepared, black_box(&x));
                    assert_eq!(value.to_bits(), by_position.to_bits(), "{}", $model::NAME);
                    assert_eq!($module::rows(&program, black_box(&columns)), ROWS);
                }
                let (value, gradient) = $model::compiled_gradient(x);
                for _ in 0..OFTEN {
                    prepared.value_and_grad(&x).expect("it has a gradient");
                }
                for _ in 0..$calls {
                    let [found, by_first] = $module::written(&mut prepared, black_box(&x));
                    assert_eq!(found.to_bits(), value.to_bits(), "{}", $model::NAME);
                    let off = (by_first - gradient[0]).abs();
                    assert!(gradient.iter().any(|by| off <= 1e-12 * by.abs()), "{}", $model::NAME);
                }
                println!("{} {}", stringify!($module), $calls);
            )*
        }
    };
}

programs! {
    add Add 2 100;
    coulomb Coulomb 4 100;
    gaussian Gaussian 3 100;
    pendulum Pendulum 5 100;
    discriminant Discriminant 3 100;
    dot Dot 8 100;
    chain Chain 2 10;
    tree Tree 4 10;
    lotka Lotka100 6 10;
    logistic Logistic 2 10;
    fib Fib 2 10;
    average Ema 2 10;
    kalman Kalman 2 10;
}
