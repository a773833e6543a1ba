//! Compiled functions behind dfdx's layers, on any device.

use crate::{
    On,
    by_hand::decay,
    check::{batch, compare, moved},
    on,
};
use dfdx::{
    nn::modules,
    optim::{Adam, AdamConfig},
    prelude::*,
};
use scheme_runtime::{
    prelude::*,
    tensors::{Layer, TensorError, builder, columns},
};

type Matrix<const N: usize, E = f64> = Tensor<(usize, Const<N>), E, On>;

/// Inputs of a layer, and a layer whose outputs keep away from zero.
fn linear<const N: usize>(dev: &On) -> (Matrix<2>, modules::Linear<2, N, f64, On>) {
    let x = dev.tensor_from_vec((0..14).map(|i| f64::from(i * 5 % 14) / 10.0).collect(), (7, Const));
    let mut layer = dev.build_module::<Linear<2, N>, f64>();
    layer.bias = dev.tensor_from_vec((0..N).map(|i| 1.5 + i as f64 / 4.0).collect(), (Const,));
    (x, layer)
}

#[test]
fn a_matrix_feeds_a_program() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let Some(dev) = on() else { return };
    let (x, layer) = linear::<4>(&dev);
    let weights = batch(&dev, (0..7).map(|i| f64::from(i) - 2.5).collect());
    let forward = |x: &Matrix<2>, layer: &modules::Linear<2, 4, f64, On>| {
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
    let Some(dev) = on() else { return };
    let (x, layer) = linear::<3>(&dev);
    let k: Tensor<Rank0, f64, On> = dev.tensor(0.5);
    let forward = |x: &Matrix<2>, layer: &modules::Linear<2, 3, f64, On>, k: &Tensor<Rank0, f64, On>| {
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
    let Some(dev) = on() else { return };
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
    let Some(dev) = on() else { return };
    let (x, layer) = linear::<2>(&dev);
    let constants: Tensor<Rank1<2>, f64, On> = dev.tensor([1.5, 0.7]);
    let forward = |constants: Tensor<Rank1<2>, f64, On>| {
        let mut physics = Layer::new(decay::Program, &dev, [0.0; 2]).unwrap();
        physics.trainable = constants;
        let network = (layer.clone(), physics);
        network.forward(x.leaky_trace()).square().mean()
    };
    let gradients = forward(constants.clone()).backward();
    compare("constant", &gradients.get(&constants).as_vec(), |place, by| {
        forward(moved(&constants, place, by)).array()
    });
}

/// dfdx's `Cuda` has no tensors of nothing.
#[test]
fn a_layer_of_nothing_gives_nothing() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let layer = Layer::new(coulomb, &dev, []).unwrap();
    let none: Tensor<(usize, Const<4>), f64, Cpu> = dev.zeros_like(&(0, Const));
    assert_eq!(layer.forward(none.leaky_trace()).shape().0, 0);
}

/// A row that the program fails in is nan, and so is its gradient; the others are as if it were not there.
#[test]
fn rows_that_fail_are_told() {
    let Some(dev) = on() else { return };
    let xs: Vec<f64> = (0..40).map(|i| if i % 13 == 7 { -1.0 } else { f64::from(i) }).collect();
    let x: Matrix<1> = dev.tensor_from_vec(xs.clone(), (40, Const));
    let good = |x: f64| x >= 0.0;
    // One that is straight but for the failure, one of two numbers, and one that runs on the machine.
    let one = Layer::new(scheme! { (begin (assert (>= x 0)) (* x x)) }, &dev, []).unwrap();
    let two = Layer::new(scheme! { (begin (assert (>= x 0)) (vec x (* x x))) }, &dev, []).unwrap();
    let listed =
        scheme! { (lambda (x) (apply + (map (lambda (y) (* x y)) (list-tail (list x) (if (< x 0) 2 0))))) };
    let listed = Layer::new(listed, &dev, []).unwrap();

    for _ in 0..2 {
        let y = one.forward(x.leaky_trace());
        for (x, y) in xs.iter().zip(y.as_vec()) {
            assert!(if good(*x) { y == x * x } else { y.is_nan() });
        }
        let failure = one.failure().unwrap();
        assert_eq!(failure.row, 7);
        assert!(failure.to_string().starts_with("in row 8: E"), "{failure}");
        assert!(failure.failure.message.contains("(>= x 0)"), "{failure}");
        for (x, slope) in xs.iter().zip(y.sum().backward().get(&x).as_vec()) {
            assert!(if good(*x) { slope == 2.0 * x } else { slope.is_nan() });
        }

        let y = two.forward(x.leaky_trace());
        for (x, y) in xs.iter().zip(y.as_vec().chunks(2)) {
            assert!(if good(*x) { y == [*x, x * x] } else { y[0].is_nan() && y[1].is_nan() });
        }
        assert_eq!(two.failure().map(|failure| failure.row), Some(7));
        for (x, slope) in xs.iter().zip(y.sum().backward().get(&x).as_vec()) {
            assert!(if good(*x) { slope == 1.0 + 2.0 * x } else { slope.is_nan() });
        }

        let y = listed.forward(x.leaky_trace());
        for (x, y) in xs.iter().zip(y.as_vec()) {
            assert!(if good(*x) { y == x * x } else { y.is_nan() });
        }
        assert_eq!(listed.failure().map(|failure| failure.row), Some(7));
        for (x, slope) in xs.iter().zip(y.sum().backward().get(&x).as_vec()) {
            assert!(if good(*x) { slope == 2.0 * x } else { slope.is_nan() });
        }
    }
    assert!(matches!(two.try_rows(x), Err(TensorError::Failed { row: 7, .. })));

    // What went well tells so, and a copy tells of its own rows.
    let copy = one.clone();
    assert_eq!(copy.failure(), None);
    let y = one.forward(dev.tensor([[2.0]]));
    assert_eq!((y.array(), one.failure()), ([4.0], None));
    assert_eq!(two.try_rows(dev.tensor([[2.0]])).unwrap().array(), [[2.0, 4.0]]);
}

/// The gradient of a constant is nan if a row that it goes into fails, and of the last rows as of the first.
#[test]
fn constants_of_rows_that_fail() {
    let Some(dev) = on() else { return };
    let root = scheme! { (lambda (x k) (begin (assert (>= x 0)) (* k (sqrt x)))) };
    let layer = Layer::new(root, &dev, [3.0]).unwrap();
    for rows in [1, 8, 9, 21] {
        let xs: Vec<f64> = (0..rows).map(|i| f64::from(i * i)).collect();
        let slope = |xs: &[f64]| {
            let x: Matrix<1> = dev.tensor_from_vec(xs.to_vec(), (xs.len(), Const));
            layer.forward(x.leaky_trace()).sum().backward().get(&layer.trainable).array()[0]
        };
        assert_eq!(slope(&xs), f64::from(rows * (rows - 1) / 2));
        let mut failing = xs;
        *failing.last_mut().unwrap() = -1.0;
        assert!(slope(&failing).is_nan());
    }
}

/// More rows than go through a program at once, of which some fail where one stretch of rows ends and the next begins.
#[test]
fn many_rows_with_failures_among_them() {
    let Some(dev) = on() else { return };
    let one = scheme! { (lambda (x y k) (begin (assert (< y 5)) (+ (* k x) (* x y y)))) };
    let two = scheme! { (lambda (x y k) (begin (assert (< y 5)) (vec (* k x) (* x y y)))) };
    let (one, two) = (Layer::new(one, &dev, [3.0]).unwrap(), Layer::new(two, &dev, [3.0]).unwrap());
    let failing = [0, 1, 1022, 1023, 1024, 2047, 2048, 2499];
    for failing in [&[][..], &failing] {
        let mut rows: Vec<[f64; 2]> = (0..2500).map(|i| [f64::from(i % 7), f64::from(i % 5)]).collect();
        failing.iter().for_each(|row: &usize| rows[*row][1] = 9.0);
        let x: Matrix<2> = dev.tensor_from_vec(rows.as_flattened().to_vec(), (2500, Const));
        let (y, both) = (one.forward(x.leaky_trace()), two.forward(x.leaky_trace()));
        for layer in [one.failure(), two.failure()] {
            assert_eq!(layer.map(|failure| failure.row), failing.first().copied());
        }
        let (numbers, pairs) = (y.as_vec(), both.as_vec());
        let (y, both) = (y.sum().backward(), both.sum().backward());
        let (by_x, by_both) = (y.get(&x).as_vec(), both.get(&x).as_vec());
        assert_eq!(format!("{by_x:?}"), format!("{by_both:?}"));
        for (row, [x, y]) in rows.iter().enumerate() {
            let found = (numbers[row], &pairs[2 * row..2 * row + 2], &by_x[2 * row..2 * row + 2]);
            if failing.contains(&row) {
                assert!(found.0.is_nan() && found.1.iter().chain(found.2).all(|x| x.is_nan()), "row {row}");
            } else {
                assert_eq!(
                    found,
                    (3.0 * x + x * y * y, &[3.0 * x, x * y * y][..], &[3.0 + y * y, 2.0 * x * y][..])
                );
            }
        }
        let sum = if failing.is_empty() { rows.iter().map(|[x, _]| x).sum::<f64>() } else { f64::NAN };
        for slope in [y.get(&one.trainable), both.get(&two.trainable)] {
            let [slope] = slope.array();
            assert!(slope == sum || slope.is_nan() && sum.is_nan(), "{slope} is not {sum}");
        }
    }
}
