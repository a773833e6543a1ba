//! The device's driver and compiler, through cudarc: context, memory, modules, launches.
//!
//! The one module with `unsafe` for devices. Everything goes to the context's default stream, in order, so that
//! memory may be let go as soon as the work on it was asked for.
#![allow(unsafe_code, reason = "launching kernels and asking for libraries is unsafe")]

use super::CudaError;
use cudarc::{
    driver::{
        CudaContext, CudaModule, CudaSlice, CudaStream, DevicePtr, DeviceRepr, DriverError, LaunchConfig,
        PushKernelArg, sys,
    },
    nvrtc::{self, CompileError, CompileOptions, Ptx},
};
use std::sync::Arc;

/// What device memory holds.
pub trait Item: Copy + DeviceRepr {}

impl Item for f64 {}
impl Item for f32 {}
impl Item for i64 {}
impl Item for u64 {}
impl Item for u8 {}

/// Threads of a block of kernels.
const BLOCK: usize = 256;

/// The most blocks of a launch: each thread takes rows until none is left.
const BLOCKS: usize = 1 << 20;

/// A device.
#[derive(Debug)]
pub(super) struct Driver {
    stream: Arc<CudaStream>,
    capability: (u32, u32),
}

/// Compiled kernels.
#[derive(Clone, Debug)]
pub(super) struct Code(Arc<CudaModule>);

/// Device memory.
#[derive(Debug)]
pub(super) struct Memory<T>(CudaSlice<T>, u64);

/// An argument of a kernel.
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument {
    /// A count.
    Count(usize),
    /// An address of device memory.
    Address(u64),
}

impl From<DriverError> for CudaError {
    fn from(error: DriverError) -> Self {
        Self::Driver(error.to_string())
    }
}

impl Driver {
    /// The device with a number.
    pub(super) fn open(number: usize) -> Result<Self, CudaError> {
        // SAFETY: it loads a library of the driver, whose initializers any CUDA program runs.
        if !unsafe { sys::is_culib_present() } {
            return Err(CudaError::NoDriver);
        }
        compiler()?;
        let context = CudaContext::new(number)?;
        // SAFETY: events order what several streams do with the same memory, and there is one stream.
        unsafe { context.disable_event_tracking() };
        let (major, minor) = context.compute_capability()?;
        let capability = (major.unsigned_abs(), minor.unsigned_abs());
        Ok(Self { stream: context.default_stream(), capability })
    }

    /// Whether it is the same device, opened once or twice.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.stream.context() == other.stream.context()
    }

    pub(super) fn name(&self) -> Result<String, CudaError> {
        Ok(self.stream.context().name()?)
    }

    pub(super) fn wait(&self) -> Result<(), CudaError> {
        Ok(self.stream.synchronize()?)
    }

    /// Compiles and loads kernels.
    pub(super) fn load(&self, source: &str) -> Result<Code, CudaError> {
        let ptx = Ptx::from_src(ptx(source, self.capability)?);
        Ok(Code(self.stream.context().load_module(ptx)?))
    }

    /// Numbers in memory of the device.
    pub(super) fn upload<T: Item>(&self, numbers: &[T]) -> Result<Memory<T>, CudaError> {
        let mut memory = self.reserve(numbers.len())?;
        if !numbers.is_empty() {
            self.stream.memcpy_htod(numbers, &mut memory.0)?;
        }
        Ok(memory)
    }

    /// Memory for so many numbers.
    pub(super) fn reserve<T: Item>(&self, count: usize) -> Result<Memory<T>, CudaError> {
        let count = count.max(1);
        // cudarc multiplies without looking.
        if count.checked_mul(size_of::<T>()).is_none() {
            return Err(CudaError::TooLarge);
        }
        // SAFETY: every bit pattern is one of `T`, a plain number; it is written before it is read.
        let memory = unsafe { self.stream.alloc::<T>(count) }?;
        let (address, _) = memory.device_ptr(&self.stream);
        Ok(Memory(memory, address))
    }

    /// What is in memory of the device.
    pub(super) fn download<T: Item>(&self, memory: &Memory<T>) -> Result<Vec<T>, CudaError> {
        Ok(self.stream.clone_dtoh(&memory.0)?)
    }

    /// Starts a kernel on at least so many threads, or for fewer of them on all that a launch may have.
    pub(super) fn launch(
        &self,
        code: &Code,
        name: &str,
        threads: usize,
        arguments: &[Argument],
    ) -> Result<(), CudaError> {
        let function = code.0.load_function(name)?;
        let blocks = threads.div_ceil(BLOCK).clamp(1, BLOCKS) as u32;
        let size =
            LaunchConfig { grid_dim: (blocks, 1, 1), block_dim: (BLOCK as u32, 1, 1), shared_mem_bytes: 0 };
        let words: Vec<u64> = arguments
            .iter()
            .map(|argument| match argument {
                Argument::Count(count) => *count as u64,
                Argument::Address(address) => *address,
            })
            .collect();
        let mut launch = self.stream.launch_builder(&function);
        for word in &words {
            launch.arg(word);
        }
        // SAFETY: kernels take 64-bit counts and addresses alone, of which `cuda/kernel.rs` gives as many as they
        // take; addresses are of memory of this device that is large enough for these counts, and is let go on this
        // stream, after the kernel.
        unsafe { launch.launch(size) }?;
        Ok(())
    }
}

impl<T> Memory<T> {
    /// Where it is.
    pub(super) fn address(&self) -> u64 {
        self.1
    }
}

/// Whether the compiler is there.
fn compiler() -> Result<(), CudaError> {
    // SAFETY: it loads the compiler's library, whose initializers any user of NVRTC runs.
    if unsafe { nvrtc::sys::is_culib_present() } { Ok(()) } else { Err(CudaError::NoCompiler) }
}

/// Compiles kernels; products and sums stay as they are written.
pub(super) fn ptx(source: &str, (major, minor): (u32, u32)) -> Result<String, CudaError> {
    compiler()?;
    let options = CompileOptions {
        ftz: Some(false),
        prec_sqrt: Some(true),
        prec_div: Some(true),
        fmad: Some(false),
        options: vec![format!("--gpu-architecture=compute_{major}{minor}"), "--device-int128".to_string()],
        ..CompileOptions::default()
    };
    let ptx = nvrtc::compile_ptx_with_opts(source, options).map_err(|error| match error {
        CompileError::CompileError { log, .. } => CudaError::Compiler(log.to_string_lossy().into_owned()),
        other => CudaError::Compiler(other.to_string()),
    })?;
    Ok(ptx.to_src())
}
