//! Rows on dfdx's tensors, operation by operation.

use crate::lanes::Precision;
use dfdx::{
    prelude::*,
    tensor::{Gradients, OwnedTape},
};
use programs::{Add, ByHand, Coulomb, Discriminant, Dot, Gaussian, Pendulum};
use std::f64::consts::TAU;

/// One number a row.
pub(crate) type Batch<E> = Tensor<(usize,), E, Cpu>;
/// The same on a tape.
pub(crate) type Taped<E> = Tensor<(usize,), E, Cpu, OwnedTape<E, Cpu>>;

/// Numbers of tensors.
pub(crate) trait Real: Precision + Dtype {
    /// A literal.
    fn of(x: f64) -> Self {
        scheme_core::real::Real::lit(x)
    }
}

impl Real for f64 {}
impl Real for f32 {}

/// A program that is written with tensors, too.
pub(crate) trait OnTensors<const N: usize>: ByHand<N> {
    /// Its values.
    fn on_tensors<E: Real>(x: [&Batch<E>; N]) -> Taped<E>
    where
        Cpu: Device<E>;
}

/// The inputs as tensors.
pub(crate) fn batches<E: Real, const N: usize>(x: [&[E]; N]) -> [Batch<E>; N]
where
    Cpu: Device<E>,
{
    let dev = Cpu::default();
    x.map(|column| dev.tensor((column.to_vec(), (column.len(),))))
}

/// Values, and gradients of all inputs.
pub(crate) fn gradients<E: Real, M: OnTensors<N>, const N: usize>(
    x: &[Batch<E>; N],
) -> (Batch<E>, Gradients<E, Cpu>)
where
    Cpu: Device<E>,
{
    let y = M::on_tensors(x.each_ref());
    let values = y.retaped::<NoneTape>();
    (values, y.sum().backward())
}

impl OnTensors<2> for Add {
    fn on_tensors<E: Real>([x, y]: [&Batch<E>; 2]) -> Taped<E>
    where
        Cpu: Device<E>,
    {
        x.leaky_trace() + y.leaky_trace()
    }
}

impl OnTensors<4> for Coulomb {
    fn on_tensors<E: Real>([k, q1, q2, r]: [&Batch<E>; 4]) -> Taped<E>
    where
        Cpu: Device<E>,
    {
        k.leaky_trace() * ((q1.leaky_trace() * q2.leaky_trace()) / r.leaky_trace().square())
    }
}

impl OnTensors<3> for Gaussian {
    fn on_tensors<E: Real>([x, mu, s]: [&Batch<E>; 3]) -> Taped<E>
    where
        Cpu: Device<E>,
    {
        let misfit = (x.leaky_trace() - mu.leaky_trace()).square();
        let bell = (-(misfit / (s.leaky_trace().square() * E::of(2.0)))).exp();
        bell / (s.leaky_trace() * E::of(TAU.sqrt()))
    }
}

impl OnTensors<5> for Pendulum {
    fn on_tensors<E: Real>([g, l, theta, c, omega]: [&Batch<E>; 5]) -> Taped<E>
    where
        Cpu: Device<E>,
    {
        let stiffness = -(g.leaky_trace() / l.leaky_trace());
        stiffness * theta.leaky_trace().sin() - c.leaky_trace() * omega.leaky_trace()
    }
}

impl OnTensors<3> for Discriminant {
    fn on_tensors<E: Real>([b, a, c]: [&Batch<E>; 3]) -> Taped<E>
    where
        Cpu: Device<E>,
    {
        let d = b.leaky_trace().square() - (a.leaky_trace() * c.leaky_trace()) * E::of(4.0);
        let dev = b.device();
        let (some, some_too) = (d.ge(E::of(0.0)), d.ge(E::of(0.0)));
        // A square root of what is negative would have no derivative, not even times 0.
        let root = some.choose(d, dev.ones_like(b)).sqrt();
        let y = (root - b.leaky_trace()) / (a.leaky_trace() * E::of(2.0));
        some_too.choose(y, dev.zeros_like(b))
    }
}

impl OnTensors<8> for Dot {
    fn on_tensors<E: Real>([a, e, b, f, c, g, d, h]: [&Batch<E>; 8]) -> Taped<E>
    where
        Cpu: Device<E>,
    {
        let product = |x: &Batch<E>, y: &Batch<E>| x.leaky_trace() * y.leaky_trace();
        product(a, e) + product(b, f) + product(c, g) + product(d, h)
    }
}
