//! The elements of a tensor on the CPU, where they are.
//!
//! dfdx 0.13 lends no tensor's elements: it copies them, or lends one at a time. A copy costs as much as a cheap program, so
//! the first and the last element are asked for here, and all between them are read where they stand. That is the one unsafe
//! line of the tensors. Where the two are not as far apart as they should be, there is a copy.
//!
//! What it stands on, beside Rust's own rules:
//!
//! - dfdx keeps a tensor's elements in one `Vec` and lends an element as `&vec[i]`. Its version is pinned, so that this stays
//!   true; that the distance of the first and the last is as many elements as there should be shows that these are
//!   the ones of a contiguous tensor.
//! - While the tensor is borrowed, nobody writes to the `Vec`: dfdx does so by `Arc::make_mut`, which makes a
//!   copy for whoever has another owner beside.
//! - The slice is made from a reference to its first element, which to the letter of Stacked Borrows, one of the proposed rules
//!   of what a reference may be used for, gives access to that element alone. By Tree Borrows, the later one, and by
//!   what the compiler does today, a shared reference gives access to all that it was derived from.

use dfdx::{
    shapes::{HasShape, Unit},
    tensor::{Cpu, Tensor},
};

/// The elements of a tensor that stand in its memory one after the other, from the first to the last; none of a tensor that
/// is empty, or not contiguous.
#[allow(unsafe_code, reason = "dfdx lends one element at a time")]
pub(super) fn in_place<E: Unit>(tensor: &Tensor<(usize,), E, Cpu>) -> Option<&[E]> {
    let (count,) = *tensor.shape();
    let last = count.checked_sub(1)?;
    // Checked by dfdx: against the shape, and against the `Vec`.
    let [first, last_one] = [0, last].map(|i| std::ptr::from_ref(&tensor[[i]]));
    if last_one.addr().checked_sub(first.addr()) != last.checked_mul(size_of::<E>()) {
        return None;
    }
    // SAFETY: both are elements of one `Vec`, which has all between them at its place, initialised, for as long as the
    // tensor is borrowed; nobody writes there meanwhile. See the head of the module.
    Some(unsafe { std::slice::from_raw_parts(first, count) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dfdx::{
        shapes::Rank0,
        tensor::{Cache, TensorFrom, ZerosTensor},
        tensor_ops::BroadcastTo,
    };

    fn tensor<E: Unit>(device: &Cpu, elements: Vec<E>) -> Tensor<(usize,), E, Cpu>
    where
        Cpu: TensorFrom<(Vec<E>, (usize,)), (usize,), E>,
    {
        let shape = (elements.len(),);
        device.tensor((elements, shape))
    }

    #[test]
    fn elements_are_those_of_the_tensor_at_its_place() {
        let device = Cpu::default();
        for count in [1, 2, 7, 1000] {
            let (x, y) = ((0..count).map(f64::from), (0..count).map(|i| i as f32));
            let (a, b) = (tensor(&device, x.clone().collect()), tensor(&device, y.clone().collect()));
            let (x_there, y_there) = (in_place(&a).unwrap(), in_place(&b).unwrap());
            assert!(x_there.iter().copied().eq(x) && y_there.iter().copied().eq(y));
            assert!(
                std::ptr::eq(&x_there[0], &a[[0]])
                    && std::ptr::eq(y_there.last().unwrap(), &b[[y_there.len() - 1]])
            );
        }
    }

    #[test]
    fn what_does_not_stand_side_by_side_is_not_read() {
        let device = Cpu::default();
        let one: Tensor<Rank0, f64, Cpu> = device.tensor(2.0);
        for count in [2, 5] {
            let same: Tensor<(usize,), f64, Cpu> = one.clone().broadcast_like(&(count,));
            assert_eq!(in_place(&same), None);
        }
        let once: Tensor<(usize,), f64, Cpu> = one.broadcast_like(&(1,));
        assert_eq!(in_place(&once), Some(&[2.0][..]));
        let none: Tensor<(usize,), f64, Cpu> = device.zeros_like(&(0,));
        assert_eq!(in_place(&none), None);
    }

    /// dfdx writes to a copy, and to memory that nobody has any more.
    #[test]
    fn elements_stay_while_others_write() {
        let device = Cpu::default();
        device.enable_cache();
        let kept = tensor(&device, vec![1.0, 2.0, 3.0]);
        let mut other = kept.clone();
        let elements = in_place(&kept).unwrap();
        other[[0]] = 10.0;
        drop(other);
        let again: Tensor<(usize,), f64, Cpu> = device.zeros_like(&(3,));
        assert_eq!((elements, in_place(&again)), (&[1.0, 2.0, 3.0][..], Some(&[0.0; 3][..])));
        drop(kept);
        let last: Tensor<(usize,), f64, Cpu> = device.zeros_like(&(3,));
        assert_eq!(in_place(&last), Some(&[0.0; 3][..]));
    }
}
