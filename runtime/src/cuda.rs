//! Traces over rows on a CUDA device.
//!
//! A [`Kernel`] is a [`Record`], a trace whose operations on matrices are whole, as one fused kernel for values and one for
//! values with the gradient, written by [`scheme_core::c`] and compiled by NVRTC when it is made. Rows have the bits that they have on the host
//! ([`Blocks`](crate::blocks::Blocks)): elementary functions are this project's own, products and sums are not
//! contracted, and the sum of a gradient over rows is the host's tree. A row on which a guard fails is told, for the host
//! to run; [`CudaProgram`] does so for programs from strings.
//!
//! Driver and compiler are looked for when a [`Device`] is opened, not when a binary starts. With the feature `cuda` off
//! all this is there too and [`Device::new`] says that it is off:
//!
//! ```
//! use scheme_runtime::cuda::{CudaError, Device};
//!
//! match Device::new() {
//!     Ok(device) => println!("{}", device.name()?),
//!     Err(error) => println!("on the host then: {error}"),
//! }
//! # Ok::<(), CudaError>(())
//! ```
//!
//! What is left out: work on several devices at once, streams, and traces whose code would be too long ([`MOST`]). The memory is our own: dfdx
//! 0.13 holds its buffers by another version of the driver's crate, whose handles cannot be made from ours or ours from
//! them without taking a buffer's ownership. Both use the device's primary context, so an address is valid for both.

#[cfg_attr(not(feature = "cuda"), path = "cuda/absent.rs")]
mod driver;
mod error;
mod function;
mod kernel;
mod program;
mod table;

pub use error::CudaError;
pub use kernel::{Kernel, MOST};
pub use program::{CudaProgram, CudaProgramError};
pub use table::{Left, Rows, Slope, Slopes, Table};

use scheme_core::c::Precision;
#[expect(unused_imports, reason = "for the documentation's links")]
use scheme_core::trace::Record;
use std::sync::Arc;

/// A number that kernels compute with: `f64` or `f32`.
pub trait Number: crate::blocks::Number + driver::Item {
    /// The precision.
    const PRECISION: Precision;
}

impl Number for f64 {
    const PRECISION: Precision = Precision::Double;
}

impl Number for f32 {
    const PRECISION: Precision = Precision::Single;
}

/// A CUDA device. Clones are the same device.
#[derive(Clone, Debug)]
pub struct Device(Arc<driver::Driver>);

impl PartialEq for Device {
    /// Whether memory of the one is memory of the other.
    fn eq(&self, other: &Self) -> bool {
        self.0.is(&other.0)
    }
}

impl Eq for Device {}

impl Device {
    /// The first device of the machine.
    ///
    /// # Errors
    /// That the feature `cuda` is off, that there is no driver, no compiler library (NVRTC) or no device, or what the
    /// driver says.
    pub fn new() -> Result<Self, CudaError> {
        Self::numbered(0)
    }

    /// The device with this number, counted from 0.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn numbered(number: usize) -> Result<Self, CudaError> {
        Ok(Self(Arc::new(driver::Driver::open(number)?)))
    }

    /// Its name.
    ///
    /// # Errors
    /// The driver's.
    pub fn name(&self) -> Result<String, CudaError> {
        self.0.name()
    }

    /// Waits until all that was started has ended.
    ///
    /// # Errors
    /// The driver's, and those of what was started.
    pub fn wait(&self) -> Result<(), CudaError> {
        self.0.wait()
    }
}

/// CUDA C++ compiled to PTX for a compute capability, as [`Kernel::compile`] has it compiled. No device is needed, but NVRTC.
///
/// # Errors
/// That the feature `cuda` is off, that there is no compiler library, or what the compiler says.
pub fn ptx(source: &str, (major, minor): (u32, u32)) -> Result<String, CudaError> {
    driver::ptx(source, (major, minor))
}
