//! What `instructions.sh` counts: each program's value, and value and gradient, through the macro and by
//! hand, in functions of their own that take and give memory; and strings, in `instructions/strings.rs`.
//!
//! The two forms write to different places, or the compiler would make one function of equal ones.
#![allow(clippy::print_stdout)]

#[path = "instructions/strings.rs"]
mod strings;

use programs::{ByHand, Coulomb, Gaussian, Model, Pendulum, Relativistic};
use std::hint::black_box;

/// Calls of each function.
const CALLS: usize = 1000;

/// A module of functions for each program, and `run`, which calls them.
macro_rules! programs {
    ($($module:ident $model:ident $n:literal;)*) => {
        $(mod $module {
            use super::*;

            type Both = (f64, [f64; $n]);

            #[inline(never)]
            pub(super) fn value_by_macro(x: &[f64; $n], y: &mut [f64; 2]) {
                y[0] = $model::compiled(*x);
            }

            #[inline(never)]
            pub(super) fn value_by_hand(x: &[f64; $n], y: &mut [f64; 2]) {
                y[1] = $model::value(*x);
            }

            #[inline(never)]
            pub(super) fn gradient_by_macro(x: &[f64; $n], y: &mut [Both; 2]) {
                y[0] = $model::compiled_gradient(*x);
            }

            #[inline(never)]
            pub(super) fn gradient_by_hand(x: &[f64; $n], y: &mut [Both; 2]) {
                y[1] = $model::value_and_gradient(*x);
            }
        })*

        fn run() {
            $(
                let (mut values, mut gradients) = ([0.0; 2], [(0.0, [0.0; $n]); 2]);
                for i in 0..CALLS {
                    let x = black_box($model::point(i));
                    $module::value_by_macro(&x, black_box(&mut values));
                    $module::value_by_hand(&x, black_box(&mut values));
                    $module::gradient_by_macro(&x, black_box(&mut gradients));
                    $module::gradient_by_hand(&x, black_box(&mut gradients));
                    for y in [values[0], gradients[0].0, gradients[1].0] {
                        assert_eq!(y.to_bits(), values[1].to_bits(), "{}", $model::NAME);
                    }
                }
            )*
        }
    };
}

programs! {
    coulomb Coulomb 4;
    gaussian Gaussian 3;
    relativistic Relativistic 3;
    pendulum Pendulum 5;
}

fn main() {
    run();
    println!("forms {CALLS}");
    strings::run();
}
