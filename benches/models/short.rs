//! Programs of a few operations.

use super::text::text;
use crate::{ByHand, Model, Number};
use num_dual::DualNumCopy;
use std::f64::consts::TAU;

/// A sum.
#[derive(Debug)]
pub enum Add {}

impl Model<2> for Add {
    const NAME: &'static str = "add";
    const INPUTS: [&'static str; 2] = ["x", "y"];
    const RANGES: [(f64, f64); 2] = [(-1.0, 1.0); 2];
    text! { 2 "add.scm" }
}

impl ByHand<2> for Add {
    #[inline(always)]
    fn value<T: Number>([x, y]: [T; 2]) -> T {
        x + y
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([x, y]: [T; 2]) -> (T, [T; 2]) {
        (x + y, [T::lit(1.0); 2])
    }
}

/// The force between two charges.
#[derive(Debug)]
pub enum Coulomb {}

impl Model<4> for Coulomb {
    const NAME: &'static str = "Coulomb";
    const INPUTS: [&'static str; 4] = ["k", "q1", "q2", "r"];
    const RANGES: [(f64, f64); 4] = [(8.0, 9.0), (-2.0, 2.0), (-2.0, 2.0), (0.1, 3.0)];
    text! { 4 "coulomb.scm" }
}

impl ByHand<4> for Coulomb {
    #[inline(always)]
    fn value<T: Number>([k, q1, q2, r]: [T; 4]) -> T {
        k * (q1 * q2 / (r * r))
    }

    // A third division, of the value by the distance, would take longer than the multiplications.
    #[inline(always)]
    fn value_and_gradient<T: Number>([k, q1, q2, r]: [T; 4]) -> (T, [T; 4]) {
        let square = r * r;
        let quotient = q1 * q2 / square;
        let strength = k / square;
        (k * quotient, [quotient, q2 * strength, q1 * strength, T::lit(-2.0) * r * strength * quotient])
    }
}

/// The density of the normal distribution.
#[derive(Debug)]
pub enum Gaussian {}

impl Model<3> for Gaussian {
    const NAME: &'static str = "Gaussian";
    const INPUTS: [&'static str; 3] = ["x", "mu", "s"];
    const RANGES: [(f64, f64); 3] = [(-2.0, 2.0), (-0.5, 0.5), (0.5, 2.0)];
    text! { 3 "gaussian.scm" }
}

impl ByHand<3> for Gaussian {
    #[inline(always)]
    fn value<T: Number>([x, mu, s]: [T; 3]) -> T {
        let d = x - mu;
        (-(d * d / (T::lit(2.0) * (s * s)))).exp() / (s * T::lit(TAU).sqrt())
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([x, mu, s]: [T; 3]) -> (T, [T; 3]) {
        let d = x - mu;
        let variance = s * s;
        let e = d * d / (T::lit(2.0) * variance);
        let value = (-e).exp() / (s * T::lit(TAU).sqrt());
        let by_mu = value * d / variance;
        (value, [-by_mu, by_mu, (e + e - T::lit(1.0)) * value / s])
    }

    #[inline(always)]
    fn dual<D: DualNumCopy<Primitive = f64>>([x, mu, s]: [D; 3]) -> D {
        let d = x - mu;
        (-(d * d / (s * s * 2.0))).exp() / (s * TAU.sqrt())
    }
}

/// The energy of a particle by its momentum, the speed of light and its mass.
#[derive(Debug)]
pub enum Relativistic {}

impl Model<3> for Relativistic {
    const NAME: &'static str = "relativistic energy";
    const INPUTS: [&'static str; 3] = ["p", "c", "m"];
    const RANGES: [(f64, f64); 3] = [(0.1, 3.0), (1.0, 3.0), (0.1, 2.0)];
    text! { 3 "relativistic.scm" }
}

impl ByHand<3> for Relativistic {
    #[inline(always)]
    fn value<T: Number>([p, c, m]: [T; 3]) -> T {
        let moving = p * c;
        let rest = m * (c * c);
        (moving * moving + rest * rest).sqrt()
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([p, c, m]: [T; 3]) -> (T, [T; 3]) {
        let moving = p * c;
        let square = c * c;
        let rest = m * square;
        let energy = (moving * moving + rest * rest).sqrt();
        let shared = c / energy;
        let (by_moving, by_rest) = (p * shared, rest * shared);
        let by_c = by_moving * p + T::lit(2.0) * m * by_rest;
        (energy, [by_moving * c, by_c, by_rest * c])
    }
}

/// The angular acceleration of a damped pendulum.
#[derive(Debug)]
pub enum Pendulum {}

impl Model<5> for Pendulum {
    const NAME: &'static str = "damped pendulum";
    const INPUTS: [&'static str; 5] = ["g", "L", "theta", "c", "omega"];
    const RANGES: [(f64, f64); 5] = [(9.0, 10.0), (0.5, 2.0), (-3.0, 3.0), (0.1, 0.5), (-2.0, 2.0)];
    text! { 5 "pendulum.scm" }
}

impl ByHand<5> for Pendulum {
    #[inline(always)]
    fn value<T: Number>([g, l, theta, c, omega]: [T; 5]) -> T {
        -(g / l) * theta.sin() - c * omega
    }

    // The reciprocal, though a division more than the value needs, does not wait for the sine.
    #[inline(always)]
    fn value_and_gradient<T: Number>([g, l, theta, c, omega]: [T; 5]) -> (T, [T; 5]) {
        let stiffness = -(g / l);
        let (sin, cos) = theta.sin_cos();
        let by_g = -(sin * (T::lit(1.0) / l));
        (stiffness * sin - c * omega, [by_g, stiffness * by_g, stiffness * cos, -omega, -c])
    }
}

/// The larger root of a quadratic, 0 where there is none; half of the points have one.
#[derive(Debug)]
pub enum Discriminant {}

impl Model<3> for Discriminant {
    const NAME: &'static str = "discriminant";
    const INPUTS: [&'static str; 3] = ["b", "a", "c"];
    const RANGES: [(f64, f64); 3] = [(-1.5, 1.5), (0.5, 2.0), (-0.5, 1.0)];
    text! { 3 "discriminant.scm" }
}

impl ByHand<3> for Discriminant {
    #[inline(always)]
    fn value<T: Number>([b, a, c]: [T; 3]) -> T {
        let d = b * b - T::lit(4.0) * (a * c);
        let [root] = d.if_less(0.0, || [T::lit(0.0)], || [(d.sqrt() - b) / (T::lit(2.0) * a)]);
        root
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([b, a, c]: [T; 3]) -> (T, [T; 3]) {
        let d = b * b - T::lit(4.0) * (a * c);
        let [y, by_b, by_a, by_c] = d.if_less(
            0.0,
            || [T::lit(0.0); 4],
            || {
                let root = d.sqrt();
                let y = (root - b) / (T::lit(2.0) * a);
                // The quadratic is 0: its derivatives by y, a and c are `root`, y² and 1.
                let share = -(T::lit(1.0) / root);
                [y, y * share, y * y * share, share]
            },
        );
        (y, [by_b, by_a, by_c])
    }
}

/// The product of two vectors of four.
#[derive(Debug)]
pub enum Dot {}

impl Model<8> for Dot {
    const NAME: &'static str = "dot";
    const INPUTS: [&'static str; 8] = ["a", "e", "b", "f", "c", "g", "d", "h"];
    const RANGES: [(f64, f64); 8] = [(-1.0, 1.0); 8];
    text! { 8 "dot.scm" }
}

impl ByHand<8> for Dot {
    #[inline(always)]
    fn value<T: Number>([a, e, b, f, c, g, d, h]: [T; 8]) -> T {
        a * e + b * f + c * g + d * h
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([a, e, b, f, c, g, d, h]: [T; 8]) -> (T, [T; 8]) {
        (a * e + b * f + c * g + d * h, [e, a, f, b, g, c, h, d])
    }
}
