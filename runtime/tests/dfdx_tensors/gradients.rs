//! Gradients that are there before the backward pass of a program, and the memory of those that are not.

use crate::check::{Batch, batch, bits, spread};
use dfdx::{prelude::*, tensor::Cache};
use scheme_runtime::{prelude::*, tensors::columns};

/// More than one stretch of rows: the first has the gradient 1, as of a sum, the others have any.
const ROWS: usize = 2500;

fn weight(row: usize) -> f64 {
    if row < 1200 { 1.0 } else { (row % 7) as f64 - 2.5 }
}

fn weights(dev: &Cpu) -> Batch<f64> {
    batch(dev, (0..ROWS).map(weight).collect())
}

#[test]
fn gradients_are_added_to_those_of_other_operations() {
    let area = scheme! { (* x r) };
    let slope = scheme! { (/ x (* r r)) };
    let dev = Cpu::default();
    let (x, r) = (batch(&dev, spread(ROWS, -2.0, 2.0)), batch(&dev, spread(ROWS, 1.0, 2.0)));
    let first = area.forward((x.leaky_trace(), &r)).unwrap() * weights(&dev);
    let second = slope.forward((x.leaky_trace(), &r)).unwrap() * weights(&dev);
    let gradient = (first + second + x.leaky_trace().square()).sum().backward().get(&x).as_vec();
    let points = x.as_vec().into_iter().zip(r.as_vec()).enumerate();
    for ((row, (x, r)), found) in points.zip(gradient) {
        let sum = 2.0 * x + weight(row) / (r * r) + weight(row) * r;
        assert!((found - sum).abs() <= 1e-14, "row {row}: {found} is not {sum}");
    }
}

#[test]
fn gradients_add_up_over_passes() {
    let area = scheme! { (* x r) };
    let dev = Cpu::default();
    let (x, r) = (batch(&dev, spread(ROWS, -2.0, 2.0)), batch(&dev, spread(ROWS, 1.0, 2.0)));
    let mut gradients = Gradients::leaky();
    for pass in 1..=3 {
        let y = area.forward((x.trace(gradients), &r)).unwrap() * weights(&dev);
        gradients = y.sum().backward();
        let times = |by: &Batch<f64>| -> Vec<f64> {
            (0..pass).fold(vec![0.0; ROWS], |sum, _| {
                let terms = by.as_vec().into_iter().enumerate();
                sum.iter().zip(terms).map(|(sum, (row, x))| sum + weight(row) * x).collect()
            })
        };
        assert_eq!(bits(&gradients.get(&x).as_vec()), bits(&times(&r)), "pass {pass}");
        assert_eq!(bits(&gradients.get(&r).as_vec()), bits(&times(&x)), "pass {pass}");
    }
}

/// Gradients of what is not a parameter are dropped after the backward pass, not in the midst of it.
#[test]
fn gradients_of_networks_around_a_program_are_all_there() {
    let wave = scheme! { (* a (sin (* w t))) };
    let dev = Cpu::seed_from_u64(3);
    let network = dev.build_module::<(Linear<2, 8>, Tanh, Linear<8, 3>), f64>();
    let x: Tensor<(usize, Const<2>), f64, Cpu> = dev.sample_normal_like(&(40, Const));
    let pass = |gradients| {
        let [a, w, t] = columns(network.forward(x.trace(gradients))).unwrap();
        wave.forward((a, w, t)).unwrap().square().mean().backward()
    };
    let (all, parameters) = (pass(Gradients::leaky()), pass(network.alloc_grads()));
    assert_eq!(format!("{parameters:?}").matches("CachableVec").count(), 4);
    for gradients in [&all, &parameters] {
        let found = bits(&gradients.get(&network.0.weight).as_vec());
        assert_eq!(found, bits(&all.get(&network.0.weight).as_vec()));
        assert!(found.iter().all(|x| f64::from_bits(*x) != 0.0));
        assert_eq!(bits(&gradients.get(&network.2.bias).as_vec()), bits(&all.get(&network.2.bias).as_vec()));
    }
}

/// dfdx's cache has what was in it, however many passes there were.
#[test]
fn memory_does_not_pile_up() {
    let area = scheme! { (* x r) };
    let dev = Cpu::default();
    dev.enable_cache();
    let (x, r) = (batch(&dev, spread(ROWS, -2.0, 2.0)), batch(&dev, spread(ROWS, 1.0, 2.0)));
    let model = r.clone();
    let held = || format!("{dev:?}").matches("BytesPtr").count();
    let pass = || {
        // One gradient is there, one is not; one result has no backward pass.
        let mut gradients = Gradients::leaky();
        gradients.get_or_alloc_mut(&model).unwrap();
        let y = area.forward((x.leaky_trace(), &r)).unwrap();
        let z = area.forward((x.trace(gradients), &r)).unwrap();
        drop((y, z.sum().backward()));
    };
    pass();
    let before = held();
    assert_ne!(before, 0);
    (0..10).for_each(|_| pass());
    assert_eq!(held(), before);
}
