//! Operations on whole matrices: values, and what they promise.

mod exact;
#[path = "../golden/mod.rs"]
mod golden;
mod laws;
mod matrix;
mod product;
mod text;
mod values;
