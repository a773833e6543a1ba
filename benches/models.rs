//! The programs, by kind.

mod long;
mod recursion;
mod series;
mod short;
mod steps;
mod text;

pub use long::{Chain, Tree, chain_text};
pub use recursion::Fib;
pub use series::{Ema, Kalman};
pub use short::{Add, Coulomb, Discriminant, Dot, Gaussian, Pendulum, Relativistic};
pub use steps::{Logistic, Lotka100, Lotka1000};
