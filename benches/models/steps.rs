//! Programs that go step by step.

use super::text::text;
use crate::{ByHand, Model, Number};

/// Steps of the logistic map.
const STEPS: usize = 1000;

/// The logistic map.
#[derive(Debug)]
pub enum Logistic {}

impl Model<2> for Logistic {
    const NAME: &'static str = "logistic map";
    const INPUTS: [&'static str; 2] = ["x", "r"];
    const RANGES: [(f64, f64); 2] = [(0.2, 0.4), (3.1, 3.3)];
    text! { 2 "logistic.scm" }
}

impl ByHand<2> for Logistic {
    #[inline(always)]
    fn value<T: Number>([mut x, r]: [T; 2]) -> T {
        for _ in 0..STEPS {
            x = r * x * (T::lit(1.0) - x);
        }
        x
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([mut x, r]: [T; 2]) -> (T, [T; 2]) {
        let one = T::lit(1.0);
        let (mut dx, mut dr) = (one, T::lit(0.0));
        for _ in 0..STEPS {
            let (product, rest) = (r * x, one - x);
            let slope = r * rest - product;
            dr = x * rest + slope * dr;
            dx = slope * dx;
            x = product * rest;
        }
        (x, [dx, dr])
    }
}

/// A step of Lotka and Volterra's equations.
const H: f64 = 0.01;

#[inline(always)]
fn flow<T: Number>([x, y]: [T; 2], [a, b, c, d]: [T; 4]) -> [T; 2] {
    [x * (a - b * y), y * (d * x - c)]
}

/// The points that a step evaluates the flow at, and the flow there.
#[inline(always)]
fn stages<T: Number>([x, y]: [T; 2], k: [T; 4]) -> [([T; 2], [T; 2]); 4] {
    let one = [x, y];
    let k1 = flow(one, k);
    let two = [x + k1[0].times(0.5 * H), y + k1[1].times(0.5 * H)];
    let k2 = flow(two, k);
    let three = [x + k2[0].times(0.5 * H), y + k2[1].times(0.5 * H)];
    let k3 = flow(three, k);
    let four = [x + k3[0].times(H), y + k3[1].times(H)];
    [(one, k1), (two, k2), (three, k3), (four, flow(four, k))]
}

#[inline(always)]
fn step<T: Number>(z: [T; 2], k: [T; 4]) -> [T; 2] {
    let [(_, k1), (_, k2), (_, k3), (_, k4)] = stages(z, k);
    let along = |i: usize| z[i] + (k1[i] + k2[i].times(2.0) + k3[i].times(2.0) + k4[i]).times(H / 6.0);
    [along(0), along(1)]
}

#[inline(always)]
fn lotka<T: Number, const STEPS: usize>([x, y, a, b, c, d]: [T; 6]) -> T {
    let mut z = [x, y];
    for _ in 0..STEPS {
        z = step(z, [a, b, c, d]);
    }
    z[0] + z[1]
}

#[inline(always)]
fn lotka_gradient<T: Number, const STEPS: usize>([x, y, a, b, c, d]: [T; 6]) -> (T, [T; 6]) {
    let k = [a, b, c, d];
    let mut z = [x, y];
    let mut states = Vec::with_capacity(STEPS);
    for _ in 0..STEPS {
        states.push(z);
        z = step(z, k);
    }
    let (mut dz, mut dk) = ([T::lit(1.0); 2], [T::lit(0.0); 4]);
    for state in states.into_iter().rev() {
        let stages = stages(state, k);
        let sixth = [dz[0].times(H / 6.0), dz[1].times(H / 6.0)];
        let mut before = [T::lit(0.0); 2];
        for (i, ([x, y], _)) in stages.into_iter().enumerate().rev() {
            // What the stage after and the sum take of this stage's flow.
            let (weight, length) = [(1.0, 0.5 * H), (2.0, 0.5 * H), (2.0, H), (1.0, 0.0)][i];
            let p = sixth[0].times(weight) + before[0].times(length);
            let q = sixth[1].times(weight) + before[1].times(length);
            let (px, qy) = (p * x, q * y);
            dk[0] = dk[0] + px;
            dk[1] = dk[1] - px * y;
            dk[2] = dk[2] - qy;
            dk[3] = dk[3] + qy * x;
            before = [p * (a - b * y) + qy * d, q * (d * x - c) - px * b];
            dz[0] = dz[0] + before[0];
            dz[1] = dz[1] + before[1];
        }
    }
    (z[0] + z[1], [dz[0], dz[1], dk[0], dk[1], dk[2], dk[3]])
}

macro_rules! lotka {
    ($($type:ident $steps:literal $name:literal $file:tt;)*) => {$(
        /// Lotka and Volterra's equations by Runge and Kutta's method, so many steps.
        #[derive(Debug)]
        pub enum $type {}

        impl Model<6> for $type {
            const NAME: &'static str = $name;
            const INPUTS: [&'static str; 6] = ["x", "y", "a", "b", "c", "d"];
            const RANGES: [(f64, f64); 6] =
                [(9.0, 10.0), (4.0, 5.0), (1.0, 1.2), (0.3, 0.4), (0.3, 0.4), (0.05, 0.1)];
            text! { 6 $file }
        }

        impl ByHand<6> for $type {
            #[inline(always)]
            fn value<T: Number>(x: [T; 6]) -> T {
                lotka::<T, $steps>(x)
            }

            #[inline(always)]
            fn value_and_gradient<T: Number>(x: [T; 6]) -> (T, [T; 6]) {
                lotka_gradient::<T, $steps>(x)
            }
        }
    )*};
}

lotka! {
    Lotka100 100 "Lotka-Volterra 100" "lotka_100.scm";
    Lotka1000 1000 "Lotka-Volterra 1000" "lotka_1000.scm";
}
