//! Transforms: graph in, graph out.

mod simplify;

pub use simplify::{adjoint, simplify};
