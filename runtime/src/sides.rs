//! Lazy choices without closures, as emitted code writes them.
//!
//! [`Real::branch`] takes its sides as closures. The compiler need not make these part of what is compiled for the machine's vector
//! instructions, and where it does not, every operation on a register is a call. And with each level of a nest their types, and the
//! instances of what takes them, nest one deeper: rustc's time grows as the square of the depth, up to its recursion limit.
//! So a choice is blocks, `if`s on [`sides`], whose results [`put`] brings together.

use scheme_core::real::Real;

/// Which sides some lane takes: whether the first is to be evaluated, and the second.
#[inline(always)]
pub fn sides<T: Real>(mask: T::Mask) -> (bool, bool) {
    let (mut then, mut els) = (false, false);
    T::branch::<0>(
        mask,
        || {
            then = true;
            []
        },
        || {
            els = true;
            []
        },
    );
    (then, els)
}

/// The results of the second side put to those of the first, if that was evaluated: as [`Real::branch`] has them.
#[inline(always)]
pub fn put<T: Real, const K: usize>(mask: T::Mask, then: Option<[T; K]>, mut els: [T; K]) -> [T; K] {
    if let Some(then) = then {
        let mut i = 0;
        while i < K {
            els[i] = T::select(mask, then[i], els[i]);
            i += 1;
        }
    }
    els
}
