//! Graphs run operation by operation on dfdx tensors.
//!
//! `rows`, `matrices`, `control`, `reached` and `programs` are generic over the device, so that every device runs the same cases.
#![cfg(feature = "dfdx")]
#![allow(unreachable_pub, reason = "modules of a test")]

#[path = "../../../core/tests/laws/big.rs"]
#[expect(dead_code, reason = "the laws of the table use the rest")]
mod big;
#[path = "../programs/case.rs"]
#[expect(dead_code, reason = "the suite of programs uses the rest")]
mod case;
mod close;
mod control;
mod errors;
mod matrices;
mod programs;
mod reached;
mod results;
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

#[test]
fn what_is_not_reached_in_double_precision() {
    reached::check::<f64, Cpu>(&Cpu::default());
}

#[test]
fn what_is_not_reached_in_single_precision() {
    reached::check::<f32, Cpu>(&Cpu::default());
}

#[test]
fn whole_matrices_in_double_precision() {
    matrices::check::<f64, Cpu>(&Cpu::default());
}

#[test]
fn whole_matrices_in_single_precision() {
    matrices::check::<f32, Cpu>(&Cpu::default());
}

#[test]
fn whole_programs() {
    let count = programs::check(&Cpu::default());
    assert!(count >= 80, "only {count} programs");
}
