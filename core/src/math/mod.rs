//! Elementary functions, with the same bits everywhere.
//!
//! Each is one generic body over [`lane`]: a scalar is one lane of the vector form. Only IEEE basic
//! operations and integer operations on the bits are used, so a value does not depend on the
//! machine, its features or the optimisation level.

pub mod lane;
mod poly;

pub use lane::{LaneMask, Lanes, Number};
