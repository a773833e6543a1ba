//! The code in the README and in the guides, compiled and run as documentation tests.
#![doc = include_str!("../README.md")]

#[doc = include_str!("../docs/hybrid.md")]
pub mod hybrid {}
