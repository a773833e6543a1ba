//! Compiled functions on dfdx tensors.
#![cfg(feature = "dfdx")]
#![allow(unreachable_pub, reason = "modules of a test")]
// Numbers that are to be equal to the bit.
#![allow(clippy::float_cmp)]

mod arguments;
mod by_hand;
mod check;
mod constants;
mod elementwise;
mod equations;
mod errors;
mod failing;
mod gradients;
mod layers;
mod results;
mod strings;

/// What the checks run on, so that other devices run the same ones (`dfdx_cuda`).
type On = dfdx::tensor::Cpu;

fn on() -> Option<On> {
    Some(On::default())
}
