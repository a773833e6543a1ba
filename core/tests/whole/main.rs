//! Operations on whole matrices: values, and what they promise.

#[path = "../laws/big.rs"]
mod big;
mod derivatives;
mod exact;
#[path = "../golden/mod.rs"]
mod golden;
mod laws;
mod matrix;
mod product;
mod rules;
mod text;
mod values;
