//! What `instructions.sh` counts: each program's value, and value and gradient, through the macro and by
//! hand, in functions of their own that take and give memory.
#![allow(clippy::print_stdout)]

use programs::{Coulomb, Gaussian, Model, Pendulum, Relativistic};
use scheme_runtime::{Function, value_and_grad};
use std::hint::black_box;

/// Calls of each function.
const CALLS: usize = 1000;

/// A module of functions for each program, and `run`, which calls them.
macro_rules! programs {
    ($($module:ident $model:ident $n:literal;)*) => {
        $(mod $module {
            use super::*;

            #[inline(never)]
            pub(super) fn value_by_macro(x: &[f64; $n], y: &mut f64) {
                *y = $model::program().call(*x);
            }

            #[inline(never)]
            pub(super) fn value_by_hand(x: &[f64; $n], y: &mut f64) {
                *y = $model::value(*x);
            }

            #[inline(never)]
            pub(super) fn gradient_by_macro(x: &[f64; $n], y: &mut (f64, [f64; $n])) {
                *y = value_and_grad($model::program()).call(*x);
            }

            #[inline(never)]
            pub(super) fn gradient_by_hand(x: &[f64; $n], y: &mut (f64, [f64; $n])) {
                *y = $model::value_and_gradient(*x);
            }
        })*

        fn run() {
            $(
                let [mut hand, mut by_macro] = [(0.0, [0.0; $n]); 2];
                for i in 0..CALLS {
                    let x = black_box($model::point(i));
                    $module::value_by_macro(&x, black_box(&mut by_macro.0));
                    $module::value_by_hand(&x, black_box(&mut hand.0));
                    assert_eq!(hand.0.to_bits(), by_macro.0.to_bits());
                    $module::gradient_by_macro(&x, black_box(&mut by_macro));
                    $module::gradient_by_hand(&x, black_box(&mut hand));
                    assert_eq!(hand.0.to_bits(), by_macro.0.to_bits());
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
    println!("{CALLS}");
}
