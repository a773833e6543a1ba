//! Which vector instructions a loop over rows is compiled for, chosen at run time.
//!
//! One generic body is compiled twice for x86-64, with AVX2 and with AVX-512; machines without either
//! go row by row instead, which spares everyone the time to compile a third. Elsewhere it is compiled
//! once, for what every machine of the architecture has. Only the width of instructions differs, never
//! a result: none of these sets brings fused multiply-add into code that does not ask for it. What the
//! body calls must be inlined into it, or it stays with the common instructions.
//!
//! Code of the macro over rows runs on registers ([`register`]): arrays of lanes become vectors only where the compiler finds them again
//! among operations on single numbers, and where two operations of a lane are alike it takes those for a vector instead. What is not all one piece runs on arrays
//! all the same, since each operation on a register would be a call there: functions and operations on whole
//! matrices ([`Function::JOINED`]).
//!
//! Unsafe code is in this folder (and in `tensors/cpu/elements`, and in the driver of `cuda`) for three things: calling a function compiled for instructions
//! that the running machine may lack, after asking whether it has them; those instructions, by types that only such a function has numbers of
//! ([`x86`]); and asking for a line of memory, which does nothing but that.

#[cfg(target_arch = "x86_64")]
mod packed;
#[cfg(target_arch = "x86_64")]
mod register;
#[cfg(all(test, target_arch = "x86_64"))]
mod registers;
#[cfg(target_arch = "x86_64")]
mod x86;

use crate::{function::Function, shape::Map, vmap::Element};
use scheme_core::real::Real;
use std::marker::PhantomData;

#[cfg(target_arch = "x86_64")]
pub(crate) use self::{
    packed::Packed,
    register::{Pair, Register},
    x86::{Doubles256, Doubles512, Singles256, Singles512},
};

/// Numbers in lanes that a block of rows is computed in.
pub trait Rows<E: Element>: Real {
    /// Those of a block.
    fn of(block: E::Block) -> Self;
    /// The block of them.
    fn block(self) -> E::Block;
}

/// Blocks to the lanes that they are computed in.
pub(crate) struct Into<E>(pub(crate) PhantomData<E>);

impl<E: Element, B: Rows<E>> Map<E::Block, B> for Into<E> {
    #[inline(always)]
    fn at(&mut self, block: E::Block) -> B {
        B::of(block)
    }
}

/// And back.
pub(crate) struct Back<E>(pub(crate) PhantomData<E>);

impl<E: Element, B: Rows<E>> Map<B, E::Block> for Back<E> {
    #[inline(always)]
    fn at(&mut self, lanes: B) -> E::Block {
        lanes.block()
    }
}

/// A body over rows to compile for several instruction sets, in the registers of each; `run` is `#[inline(always)]`.
pub trait RowsKernel<E: Element> {
    /// What it gives.
    type Output;
    /// The body.
    fn run<B: Rows<E>>(self) -> Self::Output;
}

/// Runs the body in registers with the widest vector instructions of this machine, up to a level, or gives it back if it has none to
/// speak of.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "calling functions with target features")]
pub(crate) fn on_registers<E, K, W, N>(level: Level, kernel: K) -> Result<K::Output, K>
where
    E: Element,
    K: RowsKernel<E>,
    W: Rows<E>,
    N: Rows<E>,
{
    if level >= Level::Avx512 && Level::Avx512.is_here() {
        // SAFETY: the machine has all four sets, as asked above.
        Ok(unsafe { avx512(On::<E, W, K>(kernel, PhantomData)) })
    } else if level >= Level::Avx2 && Level::Avx2.is_here() {
        // SAFETY: the machine has AVX2, as asked above.
        Ok(unsafe { avx2(On::<E, N, K>(kernel, PhantomData)) })
    } else {
        Err(kernel)
    }
}

/// Runs the body with the widest vector instructions of this machine, or gives it back if it has none to speak of: in registers, or, where some of it is
/// not part of it and would call each instruction, on blocks as they are.
pub(crate) fn over_rows<E, F, K>(kernel: K) -> Result<K::Output, K>
where
    E: Element,
    F: Function,
    K: RowsKernel<E>,
{
    // In a dev build, where all of it is part of one frame, the steps of each operation on registers would make that larger than a stack.
    if const { !F::JOINED || cfg!(debug_assertions) } {
        return dispatch(On::<E, E::Block, K>(kernel, PhantomData)).map_err(|On(kernel, _)| kernel);
    }
    E::over_rows(Level::WIDEST, kernel)
}

/// A body over rows in lanes of one kind.
struct On<E, B, K>(K, PhantomData<(E, B)>);

impl<E: Element, B: Rows<E>, K: RowsKernel<E>> Kernel for On<E, B, K> {
    type Output = K::Output;

    #[inline(always)]
    fn run(self) -> K::Output {
        self.0.run::<B>()
    }
}

/// A body to compile for several instruction sets; `run` is `#[inline(always)]`.
pub(crate) trait Kernel {
    /// What it gives.
    type Output;
    /// The body.
    fn run(self) -> Self::Output;
}

/// Runs the body with the widest vector instructions of this machine, or gives it back if it has none to speak of.
#[cfg(target_arch = "x86_64")]
pub(crate) fn dispatch<K: Kernel>(kernel: K) -> Result<K::Output, K> {
    wide(Level::WIDEST, kernel)
}

/// Runs the body with the vector instructions of this architecture.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn dispatch<K: Kernel>(kernel: K) -> Result<K::Output, K> {
    Ok(kernel.run())
}

/// Runs the body with the widest vector instructions of this machine up to a level. It is compiled a third time, for
/// machines that have the common ones only.
pub(crate) fn at_most<K: Kernel>(level: Level, kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    let kernel = match wide(level, kernel) {
        Ok(output) => return output,
        Err(kernel) => kernel,
    };
    #[cfg(not(target_arch = "x86_64"))]
    let _ = level;
    kernel.run()
}

/// A set of vector instructions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
pub enum Level {
    /// What every machine of the architecture has.
    #[cfg_attr(not(test), allow(dead_code, reason = "asked for by tests"))]
    Common,
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "of x86-64"))]
    Avx2,
    Avx512,
}

impl Level {
    pub(crate) const WIDEST: Self = Self::Avx512;

    /// Whether this machine has it.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn is_here(self) -> bool {
        match self {
            Self::Common => true,
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
            }
        }
    }
}

/// Runs the body compiled for the widest set beyond the common one that the machine has, up to a level, or gives it back.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "calling functions with target features")]
fn wide<K: Kernel>(level: Level, kernel: K) -> Result<K::Output, K> {
    if level >= Level::Avx512 && Level::Avx512.is_here() {
        // SAFETY: the machine has all four sets, as asked above.
        Ok(unsafe { avx512(kernel) })
    } else if level >= Level::Avx2 && Level::Avx2.is_here() {
        // SAFETY: the machine has AVX2, as asked above.
        Ok(unsafe { avx2(kernel) })
    } else {
        Err(kernel)
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

/// Asks for the line of memory that a number is in, to be near when it is read or written. No more than a hint.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "the instruction takes an address")]
#[inline(always)]
pub(crate) fn fetch<E>(number: &E) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: the instruction is of every x86-64, reads nothing that the program could see, and faults at no address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(number).cast()) }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(crate) fn fetch<E>(_: &E) {}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    /// Sums of products, where a fused multiply-add would show.
    struct Sum<'a>(&'a [f64]);

    impl Kernel for Sum<'_> {
        type Output = Vec<u64>;
        #[inline(always)]
        fn run(self) -> Vec<u64> {
            self.0.iter().map(|x| (x * x + x * 0.1 - x / 3.0).to_bits()).collect()
        }
    }

    #[test]
    fn every_level_gives_the_same_bits() {
        let xs: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.137 - 50.0).collect();
        let common = Sum(&xs).run();
        for level in [Level::Common, Level::Avx2, Level::Avx512] {
            assert_eq!(at_most(level, Sum(&xs)), common, "{level:?}");
        }
        assert!(dispatch(Sum(&xs)).ok().is_none_or(|bits| bits == common));
    }
}
