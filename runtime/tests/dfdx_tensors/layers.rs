//! Compiled functions behind dfdx's layers.

use crate::{
    check::{batch, compare, moved},
    programs::decay,
};
use dfdx::{
    nn::modules,
    optim::{Adam, AdamConfig},
    prelude::*,
};
use scheme_runtime::{
    prelude::*,
    tensors::{Layer, builder, columns},
};

type Matrix<const N: usize, E = f64> = Tensor<(usize, Const<N>), E, Cpu>;

/// Inputs of a layer, and a layer whose outputs keep away from zero.
fn linear<const N: usize>(dev: &Cpu) -> (Matrix<2>, modules::Linear<2, N, f64, Cpu>) {
    let x = dev.tensor_from_vec((0..14).map(|i| f64::from(i * 5 % 14) / 10.0).collect(), (7, Const));
    let mut layer = dev.build_module::<Linear<2, N>, f64>();
    layer.bias = dev.tensor_from_vec((0..N).map(|i| 1.5 + i as f64 / 4.0).collect(), (Const,));
    (x, layer)
}

#[test]
fn a_matrix_feeds_a_program() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let (x, layer) = linear::<4>(&dev);
    let weights = batch(&dev, (0..7).map(|i| f64::from(i) - 2.5).collect());
    let forward = |x: &Matrix<2>, layer: &modules::Linear<2, 4, f64, Cpu>| {
        let force = coulomb.forward(layer.forward(x.leaky_trace())).unwrap();
        (force * weights.clone()).sum()
    };
    let gradients = forward(&x, &layer).backward();
    compare("input", &gradients.get(&x).as_vec(), |place, by| forward(&moved(&x, place, by), &layer).array());
    compare("weight", &gradients.get(&layer.weight).as_vec(), |place, by| {
        let mut layer = layer.clone();
        layer.weight = moved(&layer.weight, place, by);
        forward(&x, &layer).array()
    });
    compare("bias", &gradients.get(&layer.bias).as_vec(), |place, by| {
        let mut layer = layer.clone();
        layer.bias = moved(&layer.bias, place, by);
        forward(&x, &layer).array()
    });
}

#[test]
fn columns_and_a_learnable_scalar_feed_a_program() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let (x, layer) = linear::<3>(&dev);
    let k: Tensor<Rank0, f64, Cpu> = dev.tensor(0.5);
    let forward = |x: &Matrix<2>, layer: &modules::Linear<2, 3, f64, Cpu>, k: &Tensor<Rank0, f64, Cpu>| {
        let [q1, q2, r] = columns(layer.forward(x.leaky_trace())).unwrap();
        coulomb.forward((k, q1, q2, r)).unwrap().square().mean()
    };
    let gradients = forward(&x, &layer, &k).backward();
    compare("k", &gradients.get(&k).as_vec(), |place, by| forward(&x, &layer, &moved(&k, place, by)).array());
    compare("input", &gradients.get(&x).as_vec(), |place, by| {
        forward(&moved(&x, place, by), &layer, &k).array()
    });
    compare("weight", &gradients.get(&layer.weight).as_vec(), |place, by| {
        let mut layer = layer.clone();
        layer.weight = moved(&layer.weight, place, by);
        forward(&x, &layer, &k).array()
    });
}

#[test]
fn a_layer_of_a_network_trains() {
    type Network = ((Linear<2, 8>, Tanh, Linear<8, 2>), builder::Layer<decay::Program, 2>);
    let dev = Cpu::seed_from_u64(7);
    let mut network = dev.build_module::<Network, f32>();
    assert_eq!(network.num_trainable_params(), 2 * 8 + 8 + 8 * 2 + 2 + 2);
    assert_eq!(network.1.trainable.array(), [1.0, 1.0]);

    let inputs: Vec<[f32; 2]> = (0..64).map(|i| [(i % 8) as f32 / 8.0, (i / 8) as f32 / 8.0]).collect();
    let truth: Vec<f32> = inputs.iter().map(|[a, b]| decay::Program.call([a * b, a - b, 1.5, 0.7])).collect();
    let x: Matrix<2, f32> = dev.tensor_from_vec(inputs.as_flattened().to_vec(), (64, Const));
    let truth = batch(&dev, truth);
    let mut adam = Adam::new(&network, AdamConfig { lr: 0.02, ..Default::default() });
    let mut gradients = network.alloc_grads();
    let mut losses = Vec::new();
    for _ in 0..200 {
        let out = network.forward(x.trace(gradients));
        let loss = (out - truth.clone()).square().mean();
        losses.push(loss.array());
        gradients = loss.backward();
        adam.update(&mut network, &gradients).unwrap();
        network.zero_grads(&mut gradients);
    }
    assert!(losses[199] < losses[0] / 50.0, "{} to {}", losses[0], losses[199]);
    assert_ne!(network.1.trainable.array(), [1.0, 1.0]);
}

#[test]
fn a_layer_has_the_gradients_of_its_constants() {
    let dev = Cpu::default();
    let (x, layer) = linear::<2>(&dev);
    let constants: Tensor<Rank1<2>, f64, Cpu> = dev.tensor([1.5, 0.7]);
    let forward = |constants: Tensor<Rank1<2>, f64, Cpu>| {
        let physics =
            Layer { function: decay::Program, trainable: constants, frozen: dev.zeros::<Rank1<0>>() };
        let network = (layer.clone(), physics);
        network.forward(x.leaky_trace()).square().mean()
    };
    let gradients = forward(constants.clone()).backward();
    compare("constant", &gradients.get(&constants).as_vec(), |place, by| {
        forward(moved(&constants, place, by)).array()
    });
}

#[test]
fn a_layer_of_nothing_gives_nothing() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let layer = Layer::new(coulomb, &dev, []).unwrap();
    let none: Matrix<4> = dev.zeros_like(&(0, Const));
    assert_eq!(layer.forward(none.leaky_trace()).shape().0, 0);
}
