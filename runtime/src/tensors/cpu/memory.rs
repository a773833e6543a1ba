//! Memory for numbers on the CPU whose first values do not matter. dfdx makes what it allocates zero, which costs as much
//! as a pass of a cheap program.
//!
//! Small buffers are kept on their thread for the next of the kind, a few MiB in all. Large ones are dfdx's, from its
//! cache and back there if that is enabled.

use dfdx::tensor::{Cpu, CpuError, Storage};
use std::{
    cell::RefCell,
    ops::{Deref, DerefMut},
};

/// How many bytes a buffer has at most that is kept.
const SMALL: usize = 1 << 20;

/// How many bytes a thread keeps of buffers of a type.
const MOST_KEPT: usize = 8 << 20;

/// A type of numbers, with the buffers that each thread keeps.
pub trait Kept: Copy + Default + 'static {
    /// Has the buffers of this thread, unless it is ending.
    fn kept<V>(with: impl FnOnce(&mut Vec<Vec<Self>>) -> V) -> Option<V>;
}

macro_rules! kept {
    ($($element:ident)*) => {$(
        impl Kept for $element {
            fn kept<V>(with: impl FnOnce(&mut Vec<Vec<Self>>) -> V) -> Option<V> {
                thread_local! {
                    static KEPT: RefCell<Vec<Vec<$element>>> = const { RefCell::new(Vec::new()) };
                }
                KEPT.try_with(|kept| with(&mut kept.borrow_mut())).ok()
            }
        }
    )*};
}

kept! { f32 f64 }

/// Numbers.
pub enum Numbers<E: Kept>
where
    Cpu: Storage<E>,
{
    /// Kept by this thread afterwards.
    Small(Vec<E>),
    /// dfdx's.
    Large(<Cpu as Storage<E>>::Vec),
}

impl<E: Kept> Numbers<E>
where
    Cpu: Storage<E, Err = CpuError>,
{
    /// So many numbers, of no particular value.
    pub(super) fn new(device: &Cpu, len: usize) -> Result<Self, CpuError> {
        if bytes::<E>(len) > SMALL {
            return Ok(Self::Large(device.try_alloc_len(len)?));
        }
        let kept = E::kept(|kept| {
            let fits = kept.iter().rposition(|numbers| numbers.capacity() >= len)?;
            Some(kept.swap_remove(fits))
        });
        let mut numbers = kept.flatten().unwrap_or_default();
        numbers.resize(len, E::default());
        Ok(Self::Small(numbers))
    }
}

impl<E: Kept> Drop for Numbers<E>
where
    Cpu: Storage<E>,
{
    fn drop(&mut self) {
        if let Self::Small(numbers) = self {
            let numbers = std::mem::take(numbers);
            E::kept(|kept| {
                let held: usize = kept.iter().map(|numbers| bytes::<E>(numbers.capacity())).sum();
                if held + bytes::<E>(numbers.capacity()) <= MOST_KEPT {
                    kept.push(numbers);
                }
            });
        }
    }
}

fn bytes<E>(len: usize) -> usize {
    len.saturating_mul(size_of::<E>())
}

macro_rules! slices {
    ($($element:ident)*) => {$(
        impl Deref for Numbers<$element> {
            type Target = [$element];
            fn deref(&self) -> &[$element] {
                match self {
                    Self::Small(numbers) => numbers,
                    Self::Large(numbers) => numbers,
                }
            }
        }

        impl DerefMut for Numbers<$element> {
            fn deref_mut(&mut self) -> &mut [$element] {
                match self {
                    Self::Small(numbers) => numbers,
                    Self::Large(numbers) => numbers,
                }
            }
        }
    )*};
}

slices! { f32 f64 }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_have_their_length_and_memory_is_bounded() {
        std::thread::spawn(|| {
            let device = Cpu::default();
            let new = |len| Numbers::<f64>::new(&device, len).expect("memory");
            for len in [10, 1000, 0, 10, 1 << 17, (1 << 17) + 1, 5] {
                let mut numbers = new(len);
                assert_eq!(numbers.len(), len);
                numbers.fill(1.0);
            }
            drop((0..100).map(|_| new(1 << 17)).collect::<Vec<_>>());
            let held = f64::kept(|kept| kept.iter().map(Vec::capacity).sum::<usize>());
            assert!(held.is_some_and(|held| held > 0 && held * 8 <= MOST_KEPT), "{held:?}");
        })
        .join()
        .expect("no panic");
    }
}
