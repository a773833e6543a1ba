//! Gradients brought to where all can be added to at once: once each way, however often they are added to.

use super::Backend;
use crate::vmap::Element;
use dfdx::{
    shapes::Dtype,
    tensor::{Gradients, Storage, Tensor},
};
use std::collections::BTreeMap;

/// Gradients on the host, by keys, of which several may have one gradient.
pub(super) struct Brought<'a, E: Element + Dtype, D: Backend<E>> {
    /// Of each key, which gradient.
    of: BTreeMap<usize, usize>,
    all: Vec<Vec<E>>,
    /// Whose they are.
    tensors: Vec<&'a Tensor<(usize,), E, D>>,
}

impl<'a, E: Element + Dtype, D: Backend<E>> Brought<'a, E, D> {
    /// Those of the tensors.
    pub(super) fn new(
        gradients: &mut Gradients<E, D>,
        tensors: BTreeMap<usize, &'a Tensor<(usize,), E, D>>,
    ) -> Result<Self, D::Err> {
        // Where a gradient is tells which it is, once all are there: a new one may move others.
        for tensor in tensors.values() {
            gradients.try_alloc_for(*tensor)?;
        }
        let mut brought = Self { of: BTreeMap::new(), all: Vec::new(), tensors: Vec::new() };
        let mut places = Vec::new();
        for (key, tensor) in tensors {
            let gradient = gradients.get_or_alloc_mut(tensor)?;
            let place = std::ptr::from_ref::<<D as Storage<E>>::Vec>(gradient).addr();
            let known = places.iter().position(|other| *other == place);
            brought.of.insert(key, known.unwrap_or(places.len()));
            if known.is_none() {
                places.push(place);
                brought.all.push(D::take(gradient)?);
                brought.tensors.push(tensor);
            }
        }
        Ok(brought)
    }

    /// The gradient of a key; nothing if there is no such key.
    pub(super) fn get(&mut self, key: usize) -> &mut [E] {
        self.of.get(&key).and_then(|k| self.all.get_mut(*k)).map_or(&mut [], |numbers| &mut numbers[..])
    }

    /// Takes them back.
    pub(super) fn back(self, gradients: &mut Gradients<E, D>) -> Result<(), D::Err> {
        self.tensors
            .into_iter()
            .zip(self.all)
            .try_for_each(|(tensor, numbers)| D::put(gradients.get_or_alloc_mut(tensor)?, numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dfdx::prelude::*;

    #[test]
    fn each_gradient_goes_once_each_way() {
        let dev = Cpu::default();
        let (x, y) = (dev.zeros_like(&(2,)), dev.zeros_like(&(3,)));
        let mut gradients = Gradients::<f64, Cpu>::leaky();
        gradients.get_or_alloc_mut(&x).unwrap().copy_from_slice(&[1.0, 2.0]);

        let again = x.clone();
        let mut brought = Brought::new(&mut gradients, [(7, &x), (8, &y), (9, &again)].into()).unwrap();
        brought.get(7)[0] += 10.0;
        brought.get(8)[2] += 5.0;
        brought.get(9)[0] += 100.0;
        assert!(brought.get(0).is_empty());
        brought.back(&mut gradients).unwrap();
        assert_eq!(
            (gradients.get(&x).as_vec(), gradients.get(&y).as_vec()),
            (vec![111.0, 2.0], vec![0.0, 0.0, 5.0])
        );
    }
}
