//! Gradients brought to the host, for devices whose memory only dfdx writes to: once each way, however often they are added to.

use super::{Backend, backend::Slot};
use crate::vmap::Element;
use dfdx::{
    shapes::Dtype,
    tensor::{Gradients, Storage},
};
use std::collections::BTreeMap;

/// Gradients on the host, by keys, of which several may have one gradient.
pub(super) struct Brought<'a, E: Element + Dtype, D: Backend<E>> {
    /// Of each key, which gradient.
    of: BTreeMap<usize, usize>,
    /// The gradients, and the way back.
    all: Vec<(Vec<E>, &'a Slot<E, D>)>,
}

impl<'a, E: Element + Dtype, D: Backend<E>> Brought<'a, E, D> {
    /// Those at the slots.
    pub(super) fn new(
        device: &D,
        gradients: &mut Gradients<E, D>,
        slots: BTreeMap<usize, &'a Slot<E, D>>,
    ) -> Result<Self, D::Err> {
        // Where a gradient is tells which it is, once all are there: a new one may move others.
        for slot in slots.values() {
            slot(gradients)?;
        }
        let (mut places, mut of, mut all) = (Vec::new(), BTreeMap::new(), Vec::new());
        for (key, slot) in slots {
            let gradient = slot(gradients)?;
            let place = std::ptr::from_ref::<<D as Storage<E>>::Vec>(gradient).addr();
            let known = places.iter().position(|other| *other == place);
            of.insert(key, known.unwrap_or(all.len()));
            if known.is_none() {
                places.push(place);
                all.push((device.gradient_to_host(gradient)?, slot));
            }
        }
        Ok(Self { of, all })
    }

    /// The gradient of a key; nothing if there is no such key.
    pub(super) fn get(&mut self, key: usize) -> &mut [E] {
        let all = &mut self.all;
        self.of.get(&key).and_then(|k| all.get_mut(*k)).map_or(&mut [], |(numbers, _)| &mut numbers[..])
    }

    /// Takes them back.
    pub(super) fn back(
        self,
        gradients: &mut Gradients<E, D>,
        mut put: impl FnMut(&mut <D as Storage<E>>::Vec, &[E]) -> Result<(), D::Err>,
    ) -> Result<(), D::Err> {
        self.all.into_iter().try_for_each(|(numbers, slot)| put(slot(gradients)?, &numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensors::backend::slot;
    use dfdx::prelude::*;

    #[test]
    fn each_gradient_goes_once_each_way() {
        let dev = Cpu::default();
        let (x, y): (Tensor<Rank1<2>, f64, Cpu>, Tensor<Rank1<3>, f64, Cpu>) = (dev.zeros(), dev.zeros());
        let mut gradients = Gradients::leaky();
        let slots = [slot(&x), slot(&y), slot(&x)];
        slots[0](&mut gradients).unwrap().copy_from_slice(&[1.0, 2.0]);

        let by_key = [(7, &slots[0]), (8, &slots[1]), (9, &slots[2])].into();
        let mut brought = Brought::new(&dev, &mut gradients, by_key).unwrap();
        brought.get(7)[0] += 10.0;
        brought.get(8)[2] += 5.0;
        brought.get(9)[0] += 100.0;
        assert!(brought.get(0).is_empty());
        let mut times = 0;
        let put = |gradient: &mut <Cpu as Storage<f64>>::Vec, numbers: &[f64]| {
            times += 1;
            gradient.copy_from_slice(numbers);
            Ok(())
        };
        brought.back(&mut gradients, put).unwrap();
        assert_eq!(times, 2);
        assert_eq!((gradients.get(&x).array(), gradients.get(&y).array()), ([111.0, 2.0], [0.0, 0.0, 5.0]));
    }
}
