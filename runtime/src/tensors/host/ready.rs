//! Gradients made ready in the forward pass: partial derivatives computed into the memory that will be the gradient.
//!
//! dfdx makes a gradient of zeros, to be added to. Of a tensor that has none yet when the backward pass comes, that would be
//! three passes over memory for one. So the zeros are made before, partial derivatives are written over them, and the
//! backward pass multiplies them where they are. dfdx does not tell which gradients there are, but tapes can be merged, and of two
//! gradients of a tensor that of the later tape stays.

use super::{Backend, read::STRETCH};
use crate::{
    simd::{self, Kernel, Level},
    vmap::Element,
};
use dfdx::{
    shapes::{Dtype, Rank0},
    tensor::{Gradients, Merge, OwnedTape, PutTape, SplitTape, Storage, Tape, Tensor, Trace},
    tensor_ops::Backward,
};
use std::{cell::Cell, rc::Rc};

/// Partial derivatives by a number of the inputs, in every row.
pub(super) enum Partials<E: Element + Dtype, D: Backend<E>> {
    /// In what may become the gradient.
    Ready(<D as Storage<E>>::Vec),
    /// To be added to the gradient.
    Aside(D::Scratch),
}

impl<E: Element + Dtype, D: Backend<E>> Partials<E, D> {
    pub(super) fn numbers(&mut self) -> &mut [E] {
        match self {
            Self::Ready(gradient) => D::gradient_in_place(gradient).unwrap_or_default(),
            Self::Aside(column) => column,
        }
    }
}

/// Memory for gradients.
pub(super) struct Ready<E: Element + Dtype, D: Backend<E>> {
    device: D,
    /// Of each tensor whose memory was taken, a gradient without numbers.
    taken: Gradients<E, D>,
}

impl<E: Element + Dtype, D: Backend<E>> Ready<E, D> {
    pub(super) fn new(device: &D) -> Self {
        Self { device: device.clone(), taken: Gradients::leaky() }
    }

    /// Memory for the gradient of a tensor; none if it was taken before, or if the host cannot write there.
    pub(super) fn take(
        &mut self,
        tensor: &Tensor<(usize,), E, D>,
    ) -> Result<Option<<D as Storage<E>>::Vec>, D::Err> {
        if D::in_place(tensor).is_none() {
            return Ok(None);
        }
        let gradient = self.taken.get_or_alloc_mut(tensor)?;
        if Storage::<E>::len(&self.device, gradient) == 0 {
            return Ok(None);
        }
        let nothing = Storage::<E>::try_alloc_len(&self.device, 0)?;
        Ok(Some(std::mem::replace(gradient, nothing)))
    }

    /// Makes partial derivatives that are ready, times the gradients of the results, the gradients of those tensors that have none
    /// yet. What is left over is to be added.
    pub(super) fn put(
        self,
        gradients: &mut Gradients<E, D>,
        cotangents: &[E],
        ready: Vec<(&Tensor<(usize,), E, D>, &mut Option<Partials<E, D>>)>,
    ) -> Result<(), D::Err> {
        if ready.is_empty() {
            return Ok(());
        }
        let Self { device, taken } = self;
        add_missing(&device, gradients, taken)?;
        let mut fresh = Vec::new();
        for (tensor, partials) in ready {
            if Storage::<E>::len(&device, gradients.get_or_alloc_mut(tensor)?) == 0
                && let Some(Partials::Ready(gradient)) = partials.take()
            {
                fresh.push((tensor, gradient));
            }
        }
        for (stretch, cotangents) in cotangents.chunks(STRETCH).enumerate() {
            // As of a sum.
            if simd::at_most(Level::WIDEST, Ones(cotangents)) {
                continue;
            }
            for (_, gradient) in &mut fresh {
                let partials = D::gradient_in_place(gradient).unwrap_or_default();
                let partials = partials.get_mut(stretch * STRETCH..).unwrap_or_default();
                simd::at_most(Level::WIDEST, Scale { partials, cotangents });
            }
        }
        fresh.into_iter().try_for_each(|(tensor, gradient)| {
            *gradients.get_or_alloc_mut(tensor)? = gradient;
            Ok(())
        })
    }
}

/// Adds the gradients of those tensors that have none.
fn add_missing<E: Element + Dtype, D: Backend<E>>(
    device: &D,
    gradients: &mut Gradients<E, D>,
    others: Gradients<E, D>,
) -> Result<(), D::Err> {
    let one: Tensor<Rank0, E, D> = device.try_zeros()?;
    let on_tape = |gradients| -> OwnedTape<E, D> { one.trace(gradients).split_tape().1 };
    let all = std::mem::replace(gradients, Gradients::leaky());
    let mut tape = on_tape(others).merge(on_tape(all));
    // A tape lends its gradients to its operations only.
    let found = Rc::new(Cell::new(None));
    let told = found.clone();
    tape.add_backward_op(move |all| {
        told.set(Some(std::mem::replace(all, Gradients::leaky())));
        Ok(())
    });
    one.put_tape(tape).try_backward()?;
    if let Some(all) = found.take() {
        *gradients = all;
    }
    Ok(())
}

/// Whether all numbers are 1.
struct Ones<'a, E>(&'a [E]);

impl<E: Element + PartialEq> Kernel for Ones<'_, E> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        // To the end in any case, for the vector instructions.
        self.0.iter().fold(true, |all, &x| all & (x == E::lit(1.0)))
    }
}

/// Multiplies partial derivatives by the gradients of the results.
struct Scale<'a, E> {
    partials: &'a mut [E],
    cotangents: &'a [E],
}

impl<E: Element> Kernel for Scale<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (partial, &cotangent) in self.partials.iter_mut().zip(self.cotangents) {
            *partial = E::lit(0.0) + cotangent * *partial;
        }
    }
}
