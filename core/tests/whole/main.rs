//! Operations on whole matrices: values, and what they promise.

mod product;
mod random;
mod text;
