//! Graphs run operation by operation on dfdx tensors.
//!
//! `rows` and `control` are generic over the device, so that every device runs the same cases.
#![cfg(feature = "dfdx")]
#![allow(unreachable_pub, reason = "modules of a test")]

mod close;
mod control;
mod errors;
mod rows;

use dfdx::tensor::Cpu;

#[test]
fn every_row_in_double_precision() {
    rows::check::<f64, Cpu>(&Cpu::default());
}

#[test]
fn every_row_in_single_precision() {
    rows::check::<f32, Cpu>(&Cpu::default());
}

#[test]
fn rows_that_go_different_ways_in_double_precision() {
    control::check::<f64, Cpu>(&Cpu::default());
}

#[test]
fn rows_that_go_different_ways_in_single_precision() {
    control::check::<f32, Cpu>(&Cpu::default());
}
