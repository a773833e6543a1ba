//! What can go wrong with a device.

use crate::blocks::Mismatch;
use std::fmt;

/// Why nothing ran on a device.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CudaError {
    /// The feature `cuda` was off when this was built.
    Off,
    /// The driver's library is not on this machine.
    NoDriver,
    /// NVRTC, the compiler's library, is not on this machine.
    NoCompiler,
    /// The driver says that something failed.
    Driver(String),
    /// The compiler does.
    Compiler(String),
    /// A trace has more operations than are compiled.
    TooLong {
        /// Its operations, or with the gradient.
        operations: usize,
    },
    /// A trace has no gradient: there is no such input, or a result is a truth value.
    NoGradient,
    /// A compiled function has loops, calls or general values, and so no trace of its own.
    NotStraight,
    /// What a kernel is to run on is in the memory of another device than the kernel.
    OtherDevice,
    /// Rows are more than memory has room for.
    TooLarge,
    /// Columns do not fit.
    Columns(Mismatch),
}

impl fmt::Display for CudaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("this build is without CUDA: scheme-runtime's feature `cuda` is off"),
            Self::NoDriver => {
                f.write_str("there is no CUDA driver: the library libcuda was not found on this machine")
            }
            Self::NoCompiler => f.write_str(
                "there is no CUDA compiler: the library libnvrtc was not found; it comes with the CUDA toolkit, or in the \
                 Python package nvidia-cuda-nvrtc, whose folder LD_LIBRARY_PATH then names",
            ),
            Self::Driver(what) => write!(f, "the CUDA driver failed: {what}"),
            Self::Compiler(what) => write!(f, "the CUDA compiler failed: {what}"),
            Self::TooLong { operations } => {
                write!(f, "a trace of {operations} operations is too long for a kernel, which has at most {}", super::MOST)
            }
            Self::NoGradient => {
                f.write_str("the trace has no gradient: a result is a truth value, or an input does not exist")
            }
            Self::NotStraight => f.write_str(
                "the program has loops, calls or general values: as a string it runs by the paths that its rows take",
            ),
            Self::OtherDevice => f.write_str("the rows are on another device than the kernel: bring them to its own"),
            Self::TooLarge => f.write_str("the results are too large for memory: run fewer rows at a time"),
            Self::Columns(mismatch) => mismatch.fmt(f),
        }
    }
}

impl std::error::Error for CudaError {}

impl From<Mismatch> for CudaError {
    fn from(mismatch: Mismatch) -> Self {
        Self::Columns(mismatch)
    }
}
