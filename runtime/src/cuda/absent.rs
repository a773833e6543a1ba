//! The device's driver in a build without CUDA: there is none.
//!
//! The same items as in `driver.rs`, of types without values.

use super::CudaError;

/// What device memory holds.
pub trait Item: Copy {}

impl Item for f64 {}
impl Item for f32 {}
impl Item for i64 {}
impl Item for u64 {}
impl Item for u8 {}

/// A device: none.
#[derive(Clone, Copy, Debug)]
pub(super) enum Driver {}

/// Compiled kernels: none.
#[derive(Clone, Copy, Debug)]
pub(super) enum Code {}

/// Device memory: none.
#[derive(Debug)]
pub(super) struct Memory<T>(Driver, std::marker::PhantomData<T>);

/// An argument of a kernel.
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument {
    /// A count.
    Count(#[expect(dead_code, reason = "no kernel reads it")] usize),
    /// An address of device memory.
    Address(#[expect(dead_code, reason = "no kernel reads it")] u64),
}

impl Driver {
    pub(super) fn open(_: usize) -> Result<Self, CudaError> {
        Err(CudaError::Off)
    }
    pub(super) fn is(&self, _: &Self) -> bool {
        match *self {}
    }
    pub(super) fn name(&self) -> Result<String, CudaError> {
        match *self {}
    }
    pub(super) fn wait(&self) -> Result<(), CudaError> {
        match *self {}
    }
    pub(super) fn load(&self, _: &str) -> Result<Code, CudaError> {
        match *self {}
    }
    pub(super) fn upload<T: Item>(&self, _: &[T]) -> Result<Memory<T>, CudaError> {
        match *self {}
    }
    pub(super) fn reserve<T: Item>(&self, _: usize) -> Result<Memory<T>, CudaError> {
        match *self {}
    }
    pub(super) fn download<T: Item>(&self, _: &Memory<T>) -> Result<Vec<T>, CudaError> {
        match *self {}
    }
    pub(super) fn launch(&self, _: &Code, _: &str, _: usize, _: &[Argument]) -> Result<(), CudaError> {
        match *self {}
    }
}

impl<T> Memory<T> {
    pub(super) fn address(&self) -> u64 {
        match self.0 {}
    }
}

pub(super) fn ptx(_: &str, _: (u32, u32)) -> Result<String, CudaError> {
    Err(CudaError::Off)
}
